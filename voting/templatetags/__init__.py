"""Template filters of votes."""
