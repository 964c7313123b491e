"""Votes below /api/v1/."""
