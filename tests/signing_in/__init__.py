"""People who sign in, so that each counts once, and staff who sign in elsewhere."""
