"""The planners' pages of dates and papers."""
