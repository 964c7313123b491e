"""What a subscription is about: found by what an address or a form names, and written in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.gis.geos import Point
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext

from engagement.models import Body, Plan, SubjectKind, Subscription
from mapping import rules
from mapping.models import Campaign, Category, Contribution, District
from mapping.services.identity import contribution_of_token
from mapping.translated.reading import Reading, in_languages

NAMES: Final = ("campaign", "category", "district", "plan", "body", "contribution", "author")
"""The names by which addresses of pages choose a subject."""
_METRES_PER_KILOMETRE: Final = 1000


@dataclass(frozen=True)
class Subject:
    """A kind of subject with the values of the columns that name it."""

    kind: SubjectKind
    columns: Mapping[str, Any]

    @property
    def is_author(self) -> bool:
        """Whether it was chosen on the private page of a contribution."""
        return bool(self.columns.get("is_author"))

    @property
    def title(self) -> str:
        """The subject in words, in the active language."""
        return title_of(Subscription(kind=self.kind, **self.columns))


class Readings:
    """Campaigns as they read in the active language, each read once: for the mails of a run, or for a page."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Reading] = {}

    def read(self, campaigns: Iterable[Campaign]) -> None:
        """Read what is not known yet. One query, or none."""
        language = get_language() or ""
        missing = {one.pk: one for one in campaigns if (one.pk, language) not in self._known}
        for reading in in_languages(list(missing.values()), dict.fromkeys(missing, language)):
            self._known[reading.original.pk, language] = reading

    def of(self, campaign: Campaign) -> Reading:
        """A campaign in the active language, or in that of its texts where it has no other."""
        self.read([campaign])
        return self._known[campaign.pk, get_language() or ""]


CALENDAR: Final = Subject(SubjectKind.CALENDAR, {})


def circle(longitude: float, latitude: float, radius_metres: int) -> Subject:
    """Everything within a distance in metres of a place in degrees (EPSG:4326)."""
    place = Point(longitude, latitude, srid=4326)
    return Subject(SubjectKind.CIRCLE, {"place": place, "radius_metres": radius_metres})


def subject_named(name: str, value: str) -> Subject | None:
    """The public subject that an address names (`NAMES`); None where it is not there or not public."""
    if "\x00" in value:
        return None
    columns = _columns_named(name, value)
    if columns is None:
        return None
    kind = SubjectKind.CONTRIBUTION if name == "author" else SubjectKind(name)
    return Subject(kind, columns)


def _columns_named(name: str, value: str) -> Mapping[str, Any] | None:
    row: object | None
    match name:
        case "campaign":
            row = Campaign.objects.visible().filter(slug=value).first()
        case "category":
            row = _category(value)
        case "district":
            row = District.objects.filter(pk=int(value)).first() if _is_number(value) else None
        case "plan":
            row = Plan.objects.public().filter(slug=value).first()
        case "body":
            row = Body.objects.public().filter(slug=value).first()
        case "contribution":
            row = _contribution(value)
        case _:
            written = contribution_of_token(value)
            return None if written is None else {"contribution": written, "is_author": True}
    return None if row is None else {name: row}


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10


def _category(value: str) -> Category | None:
    """By the short names of campaign and category, with a slash between them."""
    campaign, _slash, category = value.partition("/")
    related = Category.objects.select_related("campaign")
    return related.filter(campaign__slug=campaign, campaign__is_draft=False, slug=category).first()


def _contribution(value: str) -> Contribution | None:
    try:
        pk = uuid.UUID(value)
    except ValueError:
        return None
    related = Contribution.objects.published().select_related("campaign", "category")
    return related.filter(pk=pk).first()


def titles_of(subscriptions: Sequence[Subscription]) -> list[str]:
    """What subscriptions are about, in their order; see `title_of`. One query more for all of them, or none."""
    readings = Readings()
    readings.read([campaign for one in subscriptions if (campaign := campaign_of(one)) is not None])
    return [title_of(one, readings) for one in subscriptions]


def title_of(subscription: Subscription, readings: Readings | None = None) -> str:
    """What a subscription is about, in words, in the active language."""
    reading = _reading(subscription, readings or Readings())
    match subscription.kind:
        case SubjectKind.CALENDAR:
            return gettext("The whole calendar")
        case SubjectKind.CIRCLE:
            return gettext("Within %(distance)s of a place on the map") % {
                "distance": distance_of(subscription)
            }
        case SubjectKind.CATEGORY:
            assert subscription.category is not None  # noqa: S101 - a constraint
            assert reading is not None  # noqa: S101 - of its campaign
            return f"{reading.campaign.title}: {reading.of(subscription.category).title}"
        case SubjectKind.CONTRIBUTION:
            assert reading is not None  # noqa: S101 - of its campaign
            words = (
                gettext("Your contribution to “%(title)s”")
                if subscription.is_author
                else gettext("A contribution to “%(title)s”")
            )
            return words % {"title": reading.campaign.title}
        case SubjectKind.CAMPAIGN:
            assert reading is not None  # noqa: S101 - the campaign itself
            return str(reading.campaign.title)
        case SubjectKind.DISTRICT:
            return gettext("District %(name)s") % {"name": subscription.district}
        case _:
            return str(getattr(subscription, str(subscription.kind)))


def campaign_of(subscription: Subscription) -> Campaign | None:
    """The campaign whose texts name the subject; None where it has none."""
    if subscription.category is not None:
        return subscription.category.campaign
    return subscription.campaign if subscription.contribution is None else subscription.contribution.campaign


def _reading(subscription: Subscription, readings: Readings) -> Reading | None:
    campaign = campaign_of(subscription)
    return None if campaign is None else readings.of(campaign)


def distance_of(subscription: Subscription) -> str:
    """The radius of a circle as people read it."""
    metres = subscription.radius_metres or 0
    return in_words_distance(metres)


def in_words_distance(metres: int) -> str:
    """`500 m` or `1,5 km`."""
    if metres < _METRES_PER_KILOMETRE:
        return f"{metres} m"
    kilometres = metres / _METRES_PER_KILOMETRE
    return f"{number_format(kilometres, None if kilometres % 1 else 0)} km"


def is_open(subscription: Subscription) -> bool:
    """Whether everyone may see what it is about, or its author asked: a draft's title is in no mail."""
    match subscription.kind:
        case SubjectKind.CAMPAIGN:
            return bool(subscription.campaign and not subscription.campaign.is_draft)
        case SubjectKind.CATEGORY:
            return bool(subscription.category and not subscription.category.campaign.is_draft)
        case SubjectKind.PLAN:
            return bool(subscription.plan and not subscription.plan.is_draft)
        case SubjectKind.BODY:
            return bool(subscription.body and not subscription.body.is_draft)
        case SubjectKind.CONTRIBUTION:
            assert subscription.contribution is not None  # noqa: S101 - a constraint
            is_public = rules.is_public(subscription.contribution)
            return subscription.is_author or is_public
        case _:
            return True
