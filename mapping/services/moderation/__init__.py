"""Moderation by staff: decisions, taking them back, what moderators leave for each other."""
