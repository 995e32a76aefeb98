"""Fetching from addresses that strangers wrote, without being led anywhere that is not public."""
