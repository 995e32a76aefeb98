"""Backup and restore of database and blobs as one consistent set."""
