"""Surveys in the API: responses, results, files."""
