"""Building and serving what media servers poll."""
