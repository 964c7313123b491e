"""The addresses below /api/v1/, one module per noun."""
