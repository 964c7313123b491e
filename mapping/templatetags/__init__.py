"""Template tags and filters: icons, badges, dates and numbers."""
