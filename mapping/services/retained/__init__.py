"""What people gave in a campaign, removed at the dates that they were promised."""
