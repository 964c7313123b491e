"""Templates of campaigns in which people vote: ideas first, then a review, then the vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mapping.models import Action, Campaign, Moderation, Phase, Publication
from mapping.models.campaign import Marker, Palette, PlaceType
from mapping.services.campaigns import NewCategory
from mapping.services.setup.templates import Template
from voting.models import Rule, Vote

_PREPARATION: Final = timedelta(days=14)
"""How long after its making a campaign begins, at the earliest; then the next Monday."""
_IDEAS, _REVIEW, _VOTE = timedelta(weeks=4), timedelta(weeks=2), timedelta(weeks=3)
_IDEA, _OPTION = "idee", "vorschlag"
_SUM: Final = 100_000


def _categories(idea: str, option: str, place: PlaceType) -> Sequence[NewCategory]:
    return (
        NewCategory(
            slug=_IDEA,
            title=idea,
            geometry_types=[place.value],
            marker=Marker.HEXAGON,
            colour=Palette.GREEN,
            text_required=True,
        ),
        NewCategory(
            slug=_OPTION,
            title=option,
            geometry_types=list(PlaceType.values),
            marker=Marker.SQUARE,
            colour=Palette.BLUE,
            takes_contributions=False,
        ),
    )


def _for_votes() -> Sequence[NewCategory]:
    return _categories(_("Idea"), _("Proposal to vote on"), PlaceType.NONE)


def _for_budgets() -> Sequence[NewCategory]:
    return _categories(_("Idea"), _("Project to vote on"), PlaceType.POINT)


def _add_vote(campaign: Campaign, _actor: User) -> None:
    Vote.objects.create(category=campaign.categories.get(slug=_OPTION), rule=Rule.UP_TO, most_choices=3)
    _add_phases(campaign)


def _add_budget(campaign: Campaign, _actor: User) -> None:
    Vote.objects.create(category=campaign.categories.get(slug=_OPTION), rule=Rule.BUDGET, budget=_SUM)
    _add_phases(campaign)


def _add_phases(campaign: Campaign) -> None:
    """Three phases without a gap; the campaign has their period."""
    day = first_monday(timezone.localdate() + _PREPARATION)
    begin = _midnight(day)
    spans: Sequence[tuple[str, timedelta, Sequence[Action]]] = (
        (_("Collect ideas"), _IDEAS, (Action.CONTRIBUTE, Action.COMMENT, Action.SUPPORT)),
        (_("Review of the ideas"), _REVIEW, (Action.COMMENT,)),
        (_("Voting"), _VOTE, (Action.VOTE, Action.COMMENT)),
    )
    opens_at = begin
    phases = []
    for title, length, allows in spans:
        day += length
        closes_at = _midnight(day)
        phases.append(
            Phase(
                campaign=campaign,
                title=title,
                opens_at=opens_at,
                closes_at=closes_at,
                allows=[one.value for one in allows],
            )
        )
        opens_at = closes_at
    Phase.objects.bulk_create(phases)
    campaign.opens_at, campaign.closes_at = begin, opens_at
    campaign.save(update_fields=["opens_at", "closes_at"])


def first_monday(day: date) -> date:
    """The first Monday from a day on."""
    return day + timedelta(days=-day.weekday() % 7)


def _midnight(day: date) -> datetime:
    """The start of a day in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


_SETTINGS: Final = {"publication": Publication.POINTS, "moderation": Moderation.PRE}
TEMPLATES: Final = (
    Template(
        "votes",
        42,
        gettext_lazy("Vote on ideas"),
        gettext_lazy(
            "People write ideas. You make proposals of them, and people choose up to three. The days of the three "
            "phases are filled in and can be changed."
        ),
        _SETTINGS,
        _for_votes,
        _add_vote,
    ),
    Template(
        "budget",
        44,
        gettext_lazy("Citizens' budget"),
        gettext_lazy(
            "People mark ideas on the map. You make projects with costs of them, and people distribute a sum of money. "
            "The days of the three phases are filled in and can be changed."
        ),
        _SETTINGS,
        _for_budgets,
        _add_budget,
    ),
)
