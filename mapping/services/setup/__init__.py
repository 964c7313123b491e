"""How a campaign is made and set up: every write of its planners, each kept in the campaign's history."""
