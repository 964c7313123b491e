"""Addresses as people type, print and permit them: short codes of campaigns, origins of other sites. No Django."""
