"""Every write of votes: atomic, typed, raising domain errors."""
