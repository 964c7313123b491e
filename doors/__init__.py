"""DOORS: how often somebody may come in, counted without an account, a cookie or a stored address."""
