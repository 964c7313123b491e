"""Offers for GIS, beside the programs that others use for them."""
