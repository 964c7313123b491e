"""Documents read into sections, wordings compared: pure functions. Knows no Django."""
