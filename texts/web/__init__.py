"""Citizens' pages of texts."""
