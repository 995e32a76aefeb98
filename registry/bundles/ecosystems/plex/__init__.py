"""Being read."""
