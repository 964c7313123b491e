"""Providers at which people sign in: citizens, so that they count once, and staff, instead of a password."""
