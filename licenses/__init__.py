"""What a license is, what it allows and what it asks. Pure: text in, values out."""
