"""Sheets of maps on paper: entered by staff in batches."""
