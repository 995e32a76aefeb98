"""People who sign in: accounts, sessions and API tokens."""
