"""The administration: everything that has no page of its own yet. Contributions change through services only."""

from mapping.admin import campaigns, contributions, doors, feedback, places

__all__ = ["campaigns", "contributions", "doors", "feedback", "places"]
