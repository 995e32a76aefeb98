"""Copies, receipts, and the answer to the question whether somebody may have an artifact."""
