"""Planners' pages of votes."""
