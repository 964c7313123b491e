"""Counts of surveys: what the public sees of them, tables of two questions, free texts."""
