"""Votes from files of Pabulib, and as such files."""
