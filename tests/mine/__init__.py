"""After sending: the page of thanks, one's own contributions over all campaigns, and deleting them."""
