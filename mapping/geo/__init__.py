"""Coordinates, geometries and grid cells as plain values.

The lowest layer: no Django, no models, no database. Everything here can be read and tested alone.
"""
