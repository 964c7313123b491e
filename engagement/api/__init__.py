"""Events, documents and plans below /api/v1/."""
