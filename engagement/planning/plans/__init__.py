"""Plans, updates and what became of it."""
