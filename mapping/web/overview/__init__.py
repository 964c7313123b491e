"""Pages and feeds over all campaigns: the home page with its cards, the lists, the search."""
