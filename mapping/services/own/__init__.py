"""What one browser's person has everywhere: listed for them, and erased at once."""
