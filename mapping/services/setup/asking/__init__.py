"""What the services of questions share: drafts, choices, limits, order, removal."""
