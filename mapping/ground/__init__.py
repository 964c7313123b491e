"""Reads of the city's own ground: vector tiles, the street nearest to a place, ways along streets."""
