"""Positions in lists: what a page of an interface begins after, sealed where it must not be read."""
