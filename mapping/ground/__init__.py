"""Reads of the city's own ground: vector tiles, and the street nearest to a place."""
