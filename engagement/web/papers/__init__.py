"""Bodies, sessions and documents."""
