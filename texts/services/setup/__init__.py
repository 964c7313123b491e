"""What planners make of texts: drafts, documents read in, published versions, what is missing before publishing."""
