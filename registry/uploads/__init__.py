"""Receiving bytes: open, part, complete, abort; resumable."""
