"""Media servers that an account has enrolled: how they come, what they may, what they ask."""
