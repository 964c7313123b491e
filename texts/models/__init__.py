"""Tables of texts, one file a noun; QuerySets hold the reads."""
