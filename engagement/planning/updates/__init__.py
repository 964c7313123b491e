"""Where managers write news of their campaign."""
