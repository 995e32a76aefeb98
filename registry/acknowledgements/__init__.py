"""What recipients have read and agreed to: terms and privacy notices, each named by its digest."""
