"""Rate limits of requests, counted without an account, a cookie or a stored address."""
