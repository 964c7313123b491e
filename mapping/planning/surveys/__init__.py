"""Results of surveys for staff: tables of two axes, texts and their tags."""
