"""A second app: meetings of campaigns. It enters every registry, and `mapping` has no line about it."""
