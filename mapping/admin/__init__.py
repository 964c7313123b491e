"""The administration of everything without a page of its own. Contributions are changed through services only."""

from mapping.admin import campaigns, contributions, doors, feedback, places

__all__ = ["campaigns", "contributions", "doors", "feedback", "places"]
