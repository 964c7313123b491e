"""Reads of the city's own ground: vector tiles, ways along streets."""
