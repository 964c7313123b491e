"""Demo data of dates and papers."""
