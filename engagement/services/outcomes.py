"""What became of campaigns: what happened when, and numbers over all of them. Public data only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final, Literal

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.calendar.wording import in_words_span
from engagement.models import (
    Document,
    EventDate,
    EventStatus,
    PlanChange,
    PlanDecision,
    Update,
)
from mapping.aggregation.releases.publication import current_numbers
from mapping.exports.counts import tallied
from mapping.models import Campaign, Reply, ReplyStatus
from mapping.rules import may_see_public_contributions
from mapping.translated.reading import Reading
from mapping.wording import in_words_day, in_words_end, in_words_moment, in_words_number

Kind = Literal["begin", "end", "phase", "update", "document", "date", "decision", "plan", "reply"]
MOST_OF_A_KIND: Final = 100
FEWEST_FOR_A_SHARE: Final = 20
"""Contributions below which a share says less than its two numbers."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, or will; `when` is `at` in words, `label` what kind of thing it is."""

    kind: Kind
    at: datetime
    when: str
    label: str | Promise
    title: str
    text: str = ""
    address: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """What happened so far, the newest first, and what comes next, the nearest first."""

    past: Sequence[Moment]
    coming: Sequence[Moment]


@dataclass(slots=True)
class Replied:
    """Public contributions by the newest reply of the city."""

    by_status: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Contributions that the city has replied to."""
        return sum(self.by_status.values())

    @property
    def planned(self) -> int:
        """Those that the city plans to follow."""
        return self.by_status.get(ReplyStatus.PLANNED, 0)

    @property
    def done(self) -> int:
        """Those that the city has followed."""
        return self.by_status.get(ReplyStatus.DONE, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The public numbers of one campaign.

    `contributions` are None where not even the total is public; of campaigns that publish areas, they are those of the
    current release. `replied` is None where single contributions, and the replies to them, are not public.
    """

    contributions: int | None
    replied: Replied | None

    @property
    def share(self) -> float | None:
        """The part of the contributions that the city has replied to, where that part means something."""
        if self.replied is None or not self.contributions or self.contributions < FEWEST_FOR_A_SHARE:
            return None
        return min(self.replied.number / self.contributions, 1.0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers over all campaigns; the share leaves out those whose replies are not public."""

    campaigns: int
    contributions: int
    replied: int
    planned: int
    done: int
    share: float | None
    protected: int
    """Campaigns among them that publish areas."""


def outcomes_of(campaigns: Iterable[Campaign]) -> dict[int, Outcome]:
    """The public numbers of campaigns; three queries, however many there are."""
    rows = list(campaigns)
    single = [one.pk for one in rows if may_see_public_contributions(one)]
    areas = [one.pk for one in rows if not one.is_draft and not one.publishes_points]
    counted, released, replied = tallied(single), current_numbers(areas), _replied(single)
    found: dict[int, Outcome] = {}
    for pk in single:
        found[pk] = Outcome(counted.get(pk, (0, 0))[0], replied.get(pk, Replied()))
    for pk in areas:
        numbers = released.get(pk)
        found[pk] = Outcome(None if numbers is None else numbers[0], None)
    return found


def totals_of(outcomes: Iterable[Outcome]) -> Totals:
    """The sum over campaigns. People are not added up: nobody can know who took part in two campaigns."""
    rows = list(outcomes)
    with_replies = [one for one in rows if one.replied is not None]
    replied = [one.replied for one in rows if one.replied is not None]
    whole = Replied({"all": sum(one.number for one in replied)})
    return Totals(
        campaigns=len(rows),
        contributions=sum(one.contributions or 0 for one in rows),
        replied=whole.number,
        planned=sum(one.planned for one in replied),
        done=sum(one.done for one in replied),
        share=Outcome(sum(one.contributions or 0 for one in with_replies), whole).share,
        protected=len(rows) - len(with_replies),
    )


def timeline_of(reading: Reading, now: datetime) -> Timeline:
    """Everything public that belongs to a campaign, by time; as many queries for each campaign."""
    campaign = reading.original
    moments = [
        *_periods(reading),
        *_updates(campaign),
        *_documents(campaign),
        *_dates(campaign),
        *_plans(campaign),
        *_replies(campaign),
    ]
    past = sorted((one for one in moments if one.at <= now), key=lambda one: one.at, reverse=True)
    coming = sorted((one for one in moments if one.at > now), key=lambda one: one.at)
    return Timeline(past, coming)


def _replied(campaign_ids: Sequence[int]) -> dict[int, Replied]:
    later = Reply.objects.filter(contribution=OuterRef("contribution")).filter(
        Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    )
    newest = Reply.objects.published().filter(~Exists(later), contribution__campaign__in=campaign_ids)
    rows = newest.order_by().values_list("contribution__campaign", "status").annotate(number=Count("pk"))
    found: dict[int, Replied] = defaultdict(Replied)
    for campaign, status, number in rows:
        found[campaign].by_status[status] = number
    return dict(found)


def _periods(reading: Reading) -> Iterable[Moment]:
    campaign = reading.campaign
    address = campaign.get_absolute_url()
    if (opens := campaign.opens_at) is not None:
        yield Moment("begin", opens, in_words_moment(opens), _("Participation"), _("Participation begins"))
    for phase in reading.all(reading.original.timeline):
        when = f"{in_words_moment(phase.opens_at)} – {in_words_end(phase.closes_at)}"
        yield Moment("phase", phase.opens_at, when, _("Phase"), phase.title, phase.description, address)
    if (closes := campaign.closes_at) is not None:
        yield Moment("end", closes, in_words_end(closes), _("Participation"), _("Participation ends"))


def _updates(campaign: Campaign) -> Iterable[Moment]:
    rows = Update.objects.public().filter(campaign=campaign).only("pk", "title", "published_at")
    for one in rows[:MOST_OF_A_KIND]:
        address = reverse("update", args=(campaign.slug, one.pk))
        at = one.published_at
        yield Moment("update", at, in_words_day(at), _("News"), one.title, address=address)


def _documents(campaign: Campaign) -> Iterable[Moment]:
    of_campaign = Q(campaign=campaign) | Q(plan__campaign=campaign) | Q(event__campaigns=campaign)
    rows = Document.objects.public().filter(of_campaign).distinct().defer("text")
    for one in rows.order_by("-dated", "pk")[:MOST_OF_A_KIND]:
        yield Moment(
            "document",
            timezone.make_aware(datetime.combine(one.dated, time.min)),
            in_words_day(one.dated),
            one.get_kind_display(),
            one.title,
            one.summary,
            one.get_absolute_url(),
        )


def _dates(campaign: Campaign) -> Iterable[Moment]:
    rows = EventDate.objects.public().filter(event__campaigns=campaign).select_related("event")
    for one in rows.defer("event__description", "report").order_by("-starts_at", "pk")[:MOST_OF_A_KIND]:
        yield Moment(
            "date",
            one.starts_at,
            in_words_span(one),
            _("Event"),
            one.event.title,
            one.event.summary,
            one.event.get_absolute_url(),
            is_cancelled=one.status == EventStatus.CANCELLED,
        )


def _plans(campaign: Campaign) -> Iterable[Moment]:
    of_campaign = {"plan__campaign": campaign, "plan__is_draft": False}
    decisions = PlanDecision.objects.filter(**of_campaign).select_related("plan").defer("plan__place")
    for decision in decisions.order_by("-decided_on", "pk")[:MOST_OF_A_KIND]:
        yield Moment(
            "decision",
            timezone.make_aware(datetime.combine(decision.decided_on, time.min)),
            in_words_day(decision.decided_on),
            _("Decision of the council"),
            decision.title,
            address=decision.link or decision.plan.get_absolute_url(),
        )
    changes = PlanChange.objects.filter(**of_campaign).select_related("plan").defer("plan__place")
    for change in changes.order_by("-changed_at", "pk")[:MOST_OF_A_KIND]:
        stage = f": {change.get_stage_after_display()}" if change.stage_after else ""
        yield Moment(
            "plan",
            change.changed_at,
            in_words_day(change.changed_at),
            _("Plan of the city"),
            f"{change.plan.title}{stage}",
            change.text,
            change.plan.get_absolute_url(),
        )


def _replies(campaign: Campaign) -> Iterable[Moment]:
    """The replies of a month together: a campaign may have thousands."""
    if not may_see_public_contributions(campaign):
        return
    replies = Reply.objects.published().filter(contribution__campaign=campaign).order_by()
    months = replies.annotate(month=TruncMonth("created_at")).values("month")
    counted = months.annotate(last=Max("created_at"), number=Count("contribution", distinct=True)).order_by(
        "-month"
    )
    for one in counted[:MOST_OF_A_KIND]:
        title = ngettext(
            "The city replied to %(number)s contribution",
            "The city replied to %(number)s contributions",
            one["number"],
        ) % {"number": in_words_number(one["number"])}
        at = one["last"]
        yield Moment("reply", at, in_words_day(at), _("Replies"), title, address=campaign.get_absolute_url())
