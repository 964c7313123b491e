"""Invented campaigns for looking at the service: content from `fixtures/demo`, stored through the services."""
