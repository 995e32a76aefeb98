"""Blobs over boto3: bytes named by their sha256. Knows no Flask, no database."""
