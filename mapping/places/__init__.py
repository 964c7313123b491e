"""Places by name: what lies around a position, in words; and the search for addresses, streets, districts, places.

Everything comes from the site's own tables. Words of places are made when they are read and stored nowhere.
"""
