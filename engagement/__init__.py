"""Dates and papers: events, bodies, documents, plans, updates; enters the registries of `mapping`."""
