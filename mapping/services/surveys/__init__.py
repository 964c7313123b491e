"""Surveys: responses stored, changed, withdrawn; their counted results."""
