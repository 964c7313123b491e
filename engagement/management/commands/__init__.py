"""Commands of dates and papers."""
