"""Planners' pages of texts."""
