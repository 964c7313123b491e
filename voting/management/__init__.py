"""Commands of votes."""
