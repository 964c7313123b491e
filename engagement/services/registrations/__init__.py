"""Registrations for dates: places, an ordered waiting list, letters, deletion after the date."""
