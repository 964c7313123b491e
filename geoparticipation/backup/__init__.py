"""Backups: the database, media and settings as one verified set, and how it is restored."""
