"""Surveys as citizens answer them, and the private page of a response."""
