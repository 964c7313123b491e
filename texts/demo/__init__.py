"""The demo's text: invented guidelines in two versions with comments and suggestions, stored through the services."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.models import Role, User
from mapping.demo import content, seed
from mapping.models import Campaign, Contribution, Moderation, Publication
from mapping.services import feedback
from mapping.services.campaigns import NewCampaign, NewCategory, create_campaign
from texts.models import Section, Suggestion, Text
from texts.reading.quotes import Quote
from texts.services.deciding import decide
from texts.services.setup.drafts import Entry, replace_draft, wordings_of
from texts.services.setup.publishing import publish
from texts.services.setup.texts import make_text
from texts.services.suggesting import draft_of_quote, suggest

SLUG: Final = "leitlinien"
_HOUR: Final = 15
"""Hour of the day at which something happens in the demo."""
_FIRST_SUPPORT: Final = -40
"""Days from today to the first support."""


def fill(report: Callable[[str], object]) -> None:
    """Make the campaign with its text, unless it is there. Callers have made the users of the demo before."""
    if Campaign.objects.filter(slug=SLUG).exists():
        return
    path = Path(settings.BASE_DIR, "fixtures", "demo", f"{SLUG}.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    users = seed.demo_users()
    with transaction.atomic():
        text = _made(found, users)
        _Life(text, found, users).play()
    report(f"{SLUG}: a text of {text.sections.filter(gone_since=None).count()} sections in two versions")


def _made(found: Mapping[str, Any], users: dict[Role, User]) -> Text:
    fields = found["campaign"]
    campaign = create_campaign(
        NewCampaign(
            slug=SLUG,
            **{name: fields[name] for name in ("title", "summary", "description", "organiser", "contact")},
            attribution=content.ATTRIBUTION,
            opens_at=seed.today() + timedelta(days=fields["opens_in_days"]),
            closes_at=seed.today() + timedelta(days=fields["closes_in_days"]),
            publication=Publication.POINTS,
            moderation=Moderation.POST,
            categories=[NewCategory(**found["category"], geometry_types=["none"], takes_contributions=False)],
        )
    )
    seed.let_in(users, campaign)
    return make_text(campaign.categories.get(), actor=users[Role.MANAGER])


class _Life:
    """What happened to the text, in the order of its days."""

    def __init__(self, text: Text, found: Mapping[str, Any], users: dict[Role, User]) -> None:
        self._text, self._found, self._users = text, found, users
        self._sections: dict[str, Section] = {}
        self._made: dict[str, Suggestion] = {}

    def play(self) -> None:
        """Store all events in order: services know the present version only."""
        found = self._found
        events: list[tuple[float, Callable[[datetime], object]]] = [
            *((one["days"], partial(self._publish, one)) for one in found["versions"]),
            *((one["days"], partial(self._comment, one)) for one in found["comments"]),
            *((one["days"], partial(self._suggest, one)) for one in found["suggestions"]),
            *(
                (_FIRST_SUPPORT + number, partial(self._support, heading, people))
                for number, (heading, people) in enumerate(found["support"].items())
            ),
        ]
        for days, act in sorted(events, key=lambda event: event[0]):
            act(seed.today() + timedelta(days=days, hours=_HOUR))

    def _publish(self, version: Mapping[str, Any], at: datetime) -> None:
        renamed: Mapping[str, str] = {now: before for before, now in self._found["renamed"].items()}
        rows: Sequence[tuple[int, str, str]] = version["sections"]
        entries = [Entry(heading, body, level, self._key(heading, renamed)) for level, heading, body in rows]
        draft = replace_draft(self._text, entries, actor=self._users[Role.MANAGER])
        for one in self._found["suggestions"]:
            if one["exact"] in self._made and "decided" in one:
                self._decide(one)
        publish(self._text, actor=self._users[Role.MANAGER], note_to_readers=version["note"], at=at)
        for wording in wordings_of(draft):
            self._sections[wording.heading] = Section.objects.get(pk=wording.section_id)

    def _key(self, heading: str, renamed: Mapping[str, str]) -> UUID | None:
        found = self._sections.get(renamed.get(heading, heading))
        return None if found is None else found.pk

    def _comment(self, remark: Mapping[str, Any], at: datetime) -> None:
        feedback.comment(self._contribution(remark["section"]), remark["text"], _secret(remark["person"]), at)

    def _suggest(self, other: Mapping[str, Any], at: datetime) -> None:
        section = self._sections[other["section"]]
        draft = draft_of_quote(section, Quote("", other["exact"], ""), other["words"], other["why"])
        self._made[other["exact"]] = suggest(section, draft, _secret(other["person"]), at)

    def _decide(self, other: Mapping[str, Any]) -> None:
        at = seed.today() + timedelta(days=other["decided"], hours=_HOUR)
        decide(
            self._made[other["exact"]],
            other["fate"],
            other["reason"],
            actor=self._users[Role.MODERATOR],
            at=at,
        )

    def _support(self, heading: str, people: int, at: datetime) -> None:
        contribution = self._contribution(heading)
        for person in range(people):
            feedback.set_support(contribution, feedback.FOR, _secret(person), at + timedelta(minutes=person))

    def _contribution(self, heading: str) -> Contribution:
        return Contribution.objects.select_related("campaign").get(pk=self._sections[heading].pk)


def _secret(person: int) -> str:
    return f"demo-participant-{SLUG}-{person}"
