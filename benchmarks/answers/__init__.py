"""Surveys and votes, and the files of their answers."""
