"""Citizens' pages of votes."""
