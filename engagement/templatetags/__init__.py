"""Template tags of dates and papers."""
