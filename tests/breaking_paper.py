"""The same for batches and sheets of paper, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from mapping.models import Contribution, MapSheet, PaperBatch
from tests import personas


def batch_with(**fields: Any) -> Callable[[Contribution], object]:
    return lambda stored: PaperBatch.objects.create(campaign=stored.campaign, **({"name": "7"} | fields))


def sheet_with(**fields: Any) -> Callable[[Contribution], object]:
    def make(stored: Contribution) -> MapSheet:
        batch, _made = PaperBatch.objects.get_or_create(campaign=stored.campaign, name="7")
        actor = User.objects.first() or personas.make_user("enters@example.org")
        person = personas.make_participant(stored.campaign)
        values: dict[str, Any] = {"number": 1, "participant": person, "entered_by": actor}
        return MapSheet.objects.create(batch=batch, **(values | fields))

    return make


OF_PAPER: list[tuple[str, Callable[[Contribution], object]]] = [
    ("paper_batch_once_per_campaign", lambda stored: (batch_with()(stored), batch_with()(stored))),
    ("paper_batch_has_a_name", batch_with(name="")),
    ("map_sheet_once_per_batch", lambda stored: (sheet_with()(stored), sheet_with()(stored))),
    ("map_sheet_number", sheet_with(number=0)),
    ("map_sheet_number", sheet_with(number=100_000)),
]
