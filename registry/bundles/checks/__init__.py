"""Checks look at a bundle and find; they never decide."""
