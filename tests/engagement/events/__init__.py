"""Bodies, sessions, documents."""
