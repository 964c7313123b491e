"""What a city brings along: addresses, districts, inhabitants."""
