"""Listings: a piece of interfacing software, its identifier, its page, and search."""
