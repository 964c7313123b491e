"""Sessions of the staff: their list, their limits, their end."""
