"""How a campaign is made and set up: a template or a copy, then steps in any order, at last the publication."""
