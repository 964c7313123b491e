"""What a campaign lacks before it can be published, and what its makers should look at once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mapping.models import Campaign


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to do: `code` names its sentence (`services.messages`), `step` the page where it is done.

    What `blocks` keeps the campaign from being published; everything else is advice.
    """

    code: str
    step: str
    blocks: bool = False
    params: Mapping[str, object] = field(default_factory=dict)


def findings(campaign: Campaign) -> list[Finding]:
    """What is missing or doubtful in a campaign, in a fixed number of queries."""
    return list(_of_texts(campaign))


def _of_texts(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.contact:
        yield Finding("setup_no_contact", "texts")
