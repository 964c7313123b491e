"""Every write of dates and papers: atomic, typed, raising domain errors."""
