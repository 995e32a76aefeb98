"""Policy pages of third parties: fetched, kept as they were, looked at again every day."""
