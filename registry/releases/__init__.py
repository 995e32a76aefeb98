"""Releases and their artifacts: the state machine and what follows from it."""
