"""Copies, receipts, and the answer to: may I have this artifact?"""
