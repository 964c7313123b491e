"""Tests of mapping.geo: no Django, no database."""
