"""What pages and the API share: problems, access, security headers, pagination, limits."""
