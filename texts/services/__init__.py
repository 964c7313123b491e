"""Every write of texts: atomic, typed, raising domain errors."""
