"""What the tests of sent contributions share."""

from mapping.models import Contribution, Footprint, ModerationEvent, Participant

SLUG = "fear-spaces"
COOKIE = "participant"


def nothing_is_stored() -> bool:
    """Whether there is no trace of anything sent."""
    tables = (Contribution, Participant, Footprint, ModerationEvent)
    return not any(table.objects.exists() for table in tables)
