"""Responses to surveys as files, for analysts and managers: there is no public file of single responses.

Callers must check `rules.may_read_responses` and log the access first.
"""
