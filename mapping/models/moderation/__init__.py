"""What moderators decided, noted and were told."""
