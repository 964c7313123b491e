"""Begin and end of campaigns and their phases: computed for calendars, stored nowhere else than in the campaign."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final, Literal

from django.db.models import BigIntegerField, Count, Func, Max, Q, Sum, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from mapping.links.short import code_of
from mapping.models import Campaign, CampaignChange, Phase
from mapping.translated.reading import in_languages
from mapping.wording import last_whole_day

MilestoneKind = Literal["begin", "phase", "end"]
MOST: Final = 500
"""Most campaigns of one span of time, the newest ones."""
_SHOWN: Final = Q(step="period") | Q(step="texts", after__has_key="title")
"""Changes of the setup that milestones show."""


@dataclass(frozen=True)
class Milestone:
    """A day of a campaign: its begin, its end or the begin of a phase.

    `at` is the moment; `day` the day on which people look for it: an end at midnight belongs to the day before.
    `key` names it for ever. `sequence` rises when its campaign gets another period or title, the last time at
    `changed_at`.
    """

    kind: MilestoneKind
    key: str
    campaign: Campaign
    at: datetime
    day: date
    title: str
    sequence: int
    changed_at: datetime
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

    They are in the language of the page, or as they were written (`is_original`). `campaigns` restricts them. Four
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
    known = {one.pk: _Known(phases=_keys_of_phases(one), changed_at=one.created_at) for one in rows}
    _add_changes(known)
    shown = [reading.campaign for reading in in_languages(rows, languages)]
    first, last = timezone.localdate(start), timezone.localdate(end)
    all_of_them = (one for campaign in shown for one in _milestones(campaign, known[campaign.pk]))
    inside = [one for one in all_of_them if first <= one.day and (one.day < last or one.at < end)]
    return sorted(inside, key=lambda one: (one.at, one.key))


@dataclass
class _Known:
    """What milestones of a campaign need beside its columns; `phases` are the keys of its phases by their ids."""

    phases: dict[int, str]
    changed_at: datetime
    sequence: int = 0


def key_of(campaign: int) -> str:
    """A name for ever, of the code that posters show: it needs no key of the site, which may be exchanged."""
    return f"campaign-{code_of(campaign)}"


def _keys_of_phases(campaign: Campaign) -> dict[int, str]:
    """By what a phase is called: its row is another one after each change of the period."""
    keys: dict[int, str] = {}
    taken: Counter[str] = Counter()
    for phase in campaign.phases.all():
        title = str(phase.title)
        taken[title] += 1
        number = f"-{taken[title]}" if taken[title] > 1 else ""
        name = sha256(title.encode()).hexdigest()[:12]
        keys[phase.pk] = f"{key_of(campaign.pk)}-phase-{name}{number}"
    return keys


def _add_changes(known: dict[int, _Known]) -> None:
    changes = CampaignChange.objects.filter(_SHOWN, campaign__in=known).order_by()
    for one in changes.values("campaign").annotate(number=Count("pk"), newest=Max("at")):
        found = known[one["campaign"]]
        found.sequence, found.changed_at = one["number"], max(found.changed_at, one["newest"])


def _milestones(campaign: Campaign, known: _Known) -> list[Milestone]:
    made: list[Milestone] = []
    key, (opens_at, closes_at) = key_of(campaign.pk), (campaign.opens_at, campaign.closes_at)

    def add(kind: MilestoneKind, name: str, at: datetime, day: date, phase: Phase | None = None) -> None:
        title, sequence, changed_at = campaign.title, known.sequence, known.changed_at
        made.append(Milestone(kind, name, campaign, at, day, title, sequence, changed_at, phase))

    if opens_at is not None:
        add("begin", f"{key}-begin", opens_at, timezone.localdate(opens_at))
    if closes_at is not None:
        add("end", f"{key}-end", closes_at, last_whole_day(closes_at) or timezone.localdate(closes_at))
    for phase in campaign.phases.all():
        add("phase", known.phases[phase.pk], phase.opens_at, timezone.localdate(phase.opens_at), phase)
    return made


class _Hash(Func):
    """A number of 64 bits that stands for values (PostgreSQL's `hashtextextended`).

    They are hashed as a row: `concat_ws` leaves out NULL, so that an end which became the begin would be no change.
    """

    function = "hashtextextended"
    template = "%(function)s(ROW(%(expressions)s)::text, 0)"
    output_field = BigIntegerField()


def state_of_milestones() -> tuple[object, ...]:
    """Numbers that are others after every change of what milestones show: three aggregates, no row is read."""
    campaigns = Campaign.objects.visible().order_by()
    periods = campaigns.aggregate(state=Sum(_Hash("pk", "slug", "title", "opens_at", "closes_at")))
    phases = Phase.objects.filter(campaign__in=campaigns).order_by()
    # What was taken back is as before, but has risen twice.
    changes = CampaignChange.objects.filter(_SHOWN, campaign__in=campaigns).order_by()
    changed = changes.aggregate(number=Count("pk"), newest=Max("pk"))
    return (
        *(periods["state"], changed["number"], changed["newest"]),
        phases.aggregate(state=Sum(_Hash("pk", "title", "opens_at", "closes_at")))["state"],
    )
