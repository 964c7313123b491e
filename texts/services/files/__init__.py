"""Texts with what people wrote about them as files to take along."""
