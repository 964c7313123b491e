"""Surveys: the responses to a campaign's questions, how they are counted and what is published of them."""
