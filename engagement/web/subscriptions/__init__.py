"""Subscriptions: who wants to be told, and how that ends."""
