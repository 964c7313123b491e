"""Texts of campaigns in further languages: which there are, and how rows read in one of them."""
