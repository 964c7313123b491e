"""The citizens' pages of dates and papers."""
