"""Begin and end of campaigns and their phases: computed for calendars, stored nowhere else than in the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from django.db.models import BigIntegerField, Func, Q, Sum, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext

from mapping.models import Campaign, Phase
from mapping.translated.reading import in_languages
from mapping.wording import last_whole_day

MilestoneKind = Literal["begin", "phase", "end"]
MOST: Final = 500
"""Most campaigns of one span of time, the newest ones."""


@dataclass(frozen=True)
class Milestone:
    """A day of a campaign: its begin, its end or the begin of a phase.

    `at` is the moment; `day` the day on which people look for it: an end at midnight belongs to the day before.
    `key` names it for ever.
    """

    kind: MilestoneKind
    key: str
    campaign: Campaign
    at: datetime
    day: date
    title: str
    phase: Phase | None = None

    @property
    def address(self) -> str:
        """The page of the campaign."""
        return reverse("campaign", args=(self.campaign.slug,))

    @property
    def is_whole_day(self) -> bool:
        """Whether no time of day needs to be named."""
        if self.kind == "end":
            return last_whole_day(self.at) is not None
        local = timezone.localtime(self.at)
        return local.hour == 0 and local.minute == 0

    @property
    def word(self) -> str:
        """What it is, in a word or two."""
        if self.kind == "begin":
            return gettext("Participation begins")
        return gettext("Participation ends") if self.kind == "end" else gettext("New phase")


def milestones_between(
    start: datetime,
    end: datetime,
    campaigns: Sequence[Campaign] | None = None,
    *,
    is_original: bool = False,
) -> list[Milestone]:
    """The milestones of public campaigns from `start` to before `end`, by time.

    They are in the language of the page, or as they were written (`is_original`). `campaigns` restricts them. Three
    queries, however many campaigns there are.
    """
    found = Campaign.objects.visible()
    if campaigns is not None:
        if not campaigns:
            return []
        found = found.filter(pk__in=[one.pk for one in campaigns])
    # An end at midnight belongs to the day before, and is still found at the end of the span.
    touched = (
        Q(opens_at__gte=start, opens_at__lt=end)
        | Q(closes_at__gt=start, closes_at__lte=end)
        | Q(pk__in=Phase.objects.filter(opens_at__gte=start, opens_at__lt=end).values("campaign"))
    )
    rows = list(
        found.filter(touched)
        .only("pk", "slug", "title", "language", "languages", "opens_at", "closes_at", "created_at")
        .order_by("-pk")[:MOST]
    )
    prefetch_related_objects(rows, "phases")
    page = get_language() or ""
    languages = {one.pk: one.language if is_original else page for one in rows}
    shown = [reading.campaign for reading in in_languages(rows, languages)]
    first, last = timezone.localdate(start), timezone.localdate(end)
    all_of_them = (one for campaign in shown for one in _milestones(campaign))
    inside = [one for one in all_of_them if first <= one.day and (one.day < last or one.at < end)]
    return sorted(inside, key=lambda one: (one.at, one.key))


def key_of(noun: str, pk: int) -> str:
    """A name for ever that tells nothing: a number of the database would tell how many there are."""
    digest = salted_hmac("geoparticipation.milestone", f"{noun} {pk}", algorithm="sha256").hexdigest()
    return f"{noun}-{digest[:20]}"


def _milestones(campaign: Campaign) -> list[Milestone]:
    made: list[Milestone] = []
    title, name = campaign.title, key_of("campaign", campaign.pk)
    opens_at, closes_at = campaign.opens_at, campaign.closes_at
    if opens_at is not None:
        made.append(
            Milestone("begin", f"{name}-begin", campaign, opens_at, timezone.localdate(opens_at), title)
        )
    if closes_at is not None:
        day = last_whole_day(closes_at) or timezone.localdate(closes_at)
        made.append(Milestone("end", f"{name}-end", campaign, closes_at, day, title))
    for phase in campaign.phases.all():
        day = timezone.localdate(phase.opens_at)
        made.append(
            Milestone("phase", key_of("phase", phase.pk), campaign, phase.opens_at, day, title, phase)
        )
    return made


class _Hash(Func):
    """A number of 64 bits that stands for values (PostgreSQL's `hashtextextended`).

    They are hashed as a row: `concat_ws` leaves out NULL, so that an end which became the begin would be no change.
    """

    function = "hashtextextended"
    template = "%(function)s(ROW(%(expressions)s)::text, 0)"
    output_field = BigIntegerField()


def state_of_milestones() -> tuple[object, ...]:
    """Numbers that are others after every change of what milestones show: two aggregates, no row is read."""
    campaigns = Campaign.objects.visible().order_by()
    periods = campaigns.aggregate(state=Sum(_Hash("pk", "slug", "title", "opens_at", "closes_at")))
    phases = Phase.objects.filter(campaign__in=campaigns).order_by()
    return (
        periods["state"],
        phases.aggregate(state=Sum(_Hash("pk", "title", "opens_at", "closes_at")))["state"],
    )
