"""Mail waits in an outbox until an SMTP server has taken it."""
