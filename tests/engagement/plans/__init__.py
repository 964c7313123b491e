"""Plans, proposals and updates."""
