"""The queue of moderators, their decisions, and automatic approval."""
