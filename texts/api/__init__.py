"""Texts below /api/v1/."""
