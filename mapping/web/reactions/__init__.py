"""Reactions to contributions as plain forms: comments, opinions, reports."""
