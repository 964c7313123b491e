"""Documents read into sections, numbers of sections, wordings compared: pure functions. Knows no Django."""
