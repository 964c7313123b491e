"""Dates and papers."""
