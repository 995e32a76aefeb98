"""From received bytes to a waiting release: a table of named steps."""
