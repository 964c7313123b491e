"""The people of the tests, the campaigns they meet, and quick ways to have contributions.

Personas: a citizen and another citizen (known only by the secret in their cookie), and users of the staff: manager,
moderator and analyst of *the* campaign, an outsider (a manager elsewhere) and an administrator.

The factories write rows directly, past the services and their limits; only the footprint is written as the services
do, so that heat maps count what was made here.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Role, User
from mapping.models import (
    Campaign,
    Category,
    Comment,
    CommentStatus,
    CommentSupport,
    Contribution,
    ContributionStatus,
    Flag,
    FlagReason,
    Moderation,
    ModerationEvent,
    Participant,
    Question,
    QuestionKind,
    Support,
)
from mapping.models.contribution import new_contribution_id
from mapping.questions.registry import KINDS

# A seven-cornered area of 58 km² around the town hall of Kaiserslautern, lon/lat.
AREA_CORNERS: tuple[tuple[float, float], ...] = (
    (7.700, 49.420),
    (7.770, 49.410),
    (7.830, 49.425),
    (7.840, 49.455),
    (7.790, 49.475),
    (7.720, 49.470),
    (7.690, 49.445),
    (7.700, 49.420),
)
TOWN_HALL = (7.7689, 49.4447)
"""Well inside the area."""
STATION = (7.7687, 49.4361)
"""Another place inside."""
UNIVERSITY = (7.7530, 49.4240)
"""A third place inside."""
CORNER = AREA_CORNERS[2]
"""A corner of the area."""
BEYOND_THE_EDGE = (7.8418, 49.4555)
"""About 140 m outside the area's eastern corner."""
OUTSIDE = (7.900, 49.450)
"""About 4 km outside."""
BERLIN = (13.4050, 52.5200)

PASSWORD = "correct horse battery staple"

PENDING, PUBLISHED, REJECTED = (
    ContributionStatus.PENDING,
    ContributionStatus.PUBLISHED,
    ContributionStatus.REJECTED,
)

EPOCH = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
"""A fixed moment for tests that count by day."""


@dataclass(frozen=True)
class Citizen:
    """A person without account: a name for the tests and the secret that their browser keeps."""

    name: str
    secret: str

    def participant(self, campaign: Campaign) -> Participant:
        """Their row in a campaign (made when needed)."""
        from mapping.services.identity import participant_for

        return participant_for(campaign, self.secret)

    def browser(self) -> Client:
        """A browser that carries their cookie."""
        from django.conf import settings

        from mapping.services.identity import sign

        client = Client()
        client.cookies[settings.PARTICIPANT_COOKIE_NAME] = sign(self.secret)
        return client


def staff_browser(user: User) -> Client:
    """A browser in which a user is logged in."""
    client = Client()
    client.force_login(user)
    return client


def make_user(email: str, campaign: Campaign | None = None, role: Role | None = None, **fields: Any) -> User:
    """A user who can log in with `PASSWORD`, with a role in a campaign where one is given."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    if campaign is not None and role is not None:
        Membership.objects.create(user=user, campaign=campaign, role=role)
    return user


def area() -> MultiPolygon:
    """The area of the test campaigns."""
    return MultiPolygon(Polygon(AREA_CORNERS), srid=4326)


def point(place: tuple[float, float] = TOWN_HALL) -> dict[str, object]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": list(place)}


def line(*places: tuple[float, float]) -> dict[str, object]:
    """A GeoJSON line; without places a short one inside the area."""
    return {"type": "LineString", "coordinates": [list(place) for place in places or (TOWN_HALL, STATION)]}


def square(place: tuple[float, float] = TOWN_HALL, size: float = 0.002) -> dict[str, object]:
    """A GeoJSON polygon whose south-west corner is the place; size in degrees."""
    west, south = place
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def wkt(geometry: str | tuple[float, float] | GEOSGeometry) -> GEOSGeometry:
    """A stored geometry (EPSG:4326) from WKT or a (lon, lat) pair."""
    if isinstance(geometry, GEOSGeometry):
        return geometry
    if isinstance(geometry, tuple):
        geometry = f"POINT({geometry[0]} {geometry[1]})"
    return GEOSGeometry(geometry, srid=4326)


def make_campaign(slug: str = "fear-spaces", *, with_categories: bool = True, **fields: Any) -> Campaign:
    """An open campaign that publishes points after review, with the categories of `make_categories`."""
    now = timezone.now()
    values: dict[str, Any] = {
        "title": slug.replace("-", " ").capitalize(),
        "area": area(),
        "opens_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=30),
        "allows_opposition": True,
    }
    campaign = Campaign.objects.create(slug=slug, **(values | fields))
    if with_categories:
        make_categories(campaign)
    return campaign


def make_open_at_once(slug: str = "bike-streets", **fields: Any) -> Campaign:
    """Like `make_campaign`, but contributions and comments are public at once and reviewed later."""
    return make_campaign(slug, **({"moderation": Moderation.POST} | fields))


def make_upcoming(slug: str = "next-year", **fields: Any) -> Campaign:
    """A campaign that begins in ten days."""
    now = timezone.now()
    return make_campaign(
        slug, **({"opens_at": now + timedelta(days=10), "closes_at": now + timedelta(days=40)} | fields)
    )


def make_closed(slug: str = "last-year", **fields: Any) -> Campaign:
    """A campaign that ended ten days ago."""
    now = timezone.now()
    return make_campaign(
        slug, **({"opens_at": now - timedelta(days=40), "closes_at": now - timedelta(days=10)} | fields)
    )


def make_categories(campaign: Campaign) -> dict[str, Category]:
    """One category per kind of place.

    `spot` (point), `street` (line), `meadow` (area), `idea` (no place, text required), `anything` (all of them),
    `plan` (line, drawn by the city: closed to citizens) and `survey` (point, with a question of each kind).
    """
    wanted: Sequence[tuple[str, list[str], dict[str, object]]] = (
        ("spot", ["point"], {}),
        ("street", ["line"], {"marker": "square", "colour": "orange"}),
        ("meadow", ["polygon"], {"marker": "diamond", "colour": "green"}),
        ("idea", ["none"], {"marker": "triangle", "colour": "purple", "text_required": True}),
        ("anything", ["point", "line", "polygon", "none"], {"marker": "hexagon", "colour": "red"}),
        ("plan", ["line"], {"marker": "drop", "colour": "teal", "takes_contributions": False}),
        ("survey", ["point"], {"marker": "circle", "colour": "brown"}),
    )
    made = Category.objects.bulk_create(
        Category(
            campaign=campaign,
            slug=slug,
            title=slug.capitalize(),
            geometry_types=types,
            position=position,
            **more,
        )
        for position, (slug, types, more) in enumerate(wanted)
    )
    by_slug = {one.slug: one for one in made}
    make_questions(by_slug["survey"])
    return by_slug


_CHOICES = [{"value": "day", "title": "By day"}, {"value": "night", "title": "At night"}]
QUESTION_OPTIONS: dict[str, dict[str, object]] = {
    QuestionKind.SINGLE_CHOICE: {"choices": _CHOICES},
    QuestionKind.MULTIPLE_CHOICE: {"choices": _CHOICES},
    QuestionKind.SCALE: {"minimum": 1, "maximum": 5, "minimum_title": "safe", "maximum_title": "unsafe"},
    QuestionKind.NUMBER: {"minimum": 0, "maximum": 120, "unit": "min"},
    QuestionKind.DATE: {"minimum": "2026-01-01", "maximum": "2026-12-31"},
    QuestionKind.PICTURE_CHOICE: {"choices": _CHOICES},
    QuestionKind.RANKING: {"choices": _CHOICES},
    QuestionKind.MATRIX: {"rows": [{"value": "safe", "title": "It is safe"}], "choices": _CHOICES},
}
"""Options of the questions of `make_questions`, by kind."""


def make_questions(category: Category) -> dict[str, Question]:
    """A question of each kind, named as its kind with hyphens; only `yes-no` is required."""
    made = Question.objects.bulk_create(
        Question(
            category=category,
            slug=kind.replace("_", "-"),
            title=str(label),
            kind=kind,
            required=kind == QuestionKind.YES_NO,
            options=QUESTION_OPTIONS.get(kind, {}),
            position=position,
        )
        for position, (kind, label) in enumerate(QuestionKind.choices)
        if KINDS[kind].for_contributions
    )
    return {one.slug: one for one in made}


GOOD_ANSWERS: dict[str, object] = {
    "text": "near the bridge",
    "long-text": "The lamps are broken.\nSince March.",
    "single-choice": "night",
    "multiple-choice": ["day", "night"],
    "scale": 4,
    "number": 12.5,
    "yes-no": True,
    "time-of-day": "22:30",
    "date": "2026-06-21",
    "part-of-day": "evening",
    "picture-choice": "day",
    "ranking": ["night", "day"],
}
"""Correct answers to every question of `make_questions`."""


def category_of(campaign: Campaign, slug: str) -> Category:
    """A category of a campaign by its slug."""
    return campaign.categories.get(slug=slug)


def make_participant(campaign: Campaign) -> Participant:
    """A new person of whom nothing is known but that they are not one of the others."""
    return Participant.objects.create(campaign=campaign, key=uuid.uuid4().bytes * 2)


def make_contribution(
    campaign: Campaign,
    place: str | tuple[float, float] | GEOSGeometry | None = TOWN_HALL,
    *,
    category: str = "spot",
    by: Citizen | Participant | None = None,
    status: ContributionStatus = ContributionStatus.PUBLISHED,
    footprint: bool = True,
    **fields: Any,
) -> Contribution:
    """A stored contribution, published unless said otherwise, by a new person unless `by` names one."""
    participant = by.participant(campaign) if isinstance(by, Citizen) else by or make_participant(campaign)
    values: dict[str, Any] = {"id": new_contribution_id(), "text": "Here it is dark."}
    contribution = Contribution.objects.create(
        campaign=campaign,
        category=category_of(campaign, category),
        participant=participant,
        geom=None if place is None else wkt(place),
        status=status,
        **(values | fields),
    )
    ModerationEvent.objects.create(contribution=contribution, to_status=status)
    if footprint:
        from mapping.aggregation import footprint as footprints

        footprints.write(contribution)
    return contribution


def make_comment(
    contribution: Contribution,
    text: str = "I agree.",
    *,
    by: Citizen | Participant | None = None,
    status: CommentStatus = CommentStatus.PUBLISHED,
    parent: Comment | None = None,
) -> Comment:
    """A stored comment, or an answer to one; the contribution's counter follows."""
    campaign = contribution.campaign
    participant = by.participant(campaign) if isinstance(by, Citizen) else by or make_participant(campaign)
    comment = Comment.objects.create(
        contribution=contribution,
        participant=participant,
        text=text,
        status=status,
        parent=parent,
        answers_comment=parent is not None,
    )
    contribution.comment_count = contribution.comments.filter(status=CommentStatus.PUBLISHED).count()
    contribution.save(update_fields=["comment_count"])
    return comment


def make_comment_support(comment: Comment, *, by: Citizen | Participant | None = None) -> CommentSupport:
    """Stored support for a comment, whose counter follows."""
    campaign = comment.contribution.campaign
    participant = by.participant(campaign) if isinstance(by, Citizen) else by or make_participant(campaign)
    support = CommentSupport.objects.create(comment=comment, participant=participant)
    comment.support_count = comment.supports.count()
    comment.save(update_fields=["support_count"])
    return support


def make_flag(item: Contribution | Comment, text: str = "It lies.") -> Flag:
    """A stored report of something."""
    field = "comment" if isinstance(item, Comment) else "contribution"
    return Flag.objects.create(**{field: item}, reason=FlagReason.OTHER, text=text)


def make_support(
    contribution: Contribution, value: int = 1, *, by: Citizen | Participant | None = None
) -> Support:
    """A stored opinion; the contribution's counters follow."""
    campaign = contribution.campaign
    participant = by.participant(campaign) if isinstance(by, Citizen) else by or make_participant(campaign)
    support = Support.objects.create(contribution=contribution, participant=participant, value=value)
    contribution.support_count = contribution.supports.filter(value=1).count()
    contribution.opposition_count = contribution.supports.filter(value=-1).count()
    contribution.save(update_fields=["support_count", "opposition_count"])
    return support


def user_called(name: str, campaign: Campaign) -> User | AnonymousUser:
    """The persona of a column; `dismissed` is a manager whose account was closed."""
    if name == "anonymous":
        return AnonymousUser()
    if name == "administrator":
        return make_user("administrator@example.org", is_superuser=True)
    if name == "outsider":
        elsewhere = make_campaign("elsewhere", with_categories=False)
        return make_user("outsider@example.org", elsewhere, Role.MANAGER)
    if name == "dismissed":
        return make_user("dismissed@example.org", campaign, Role.MANAGER, is_active=False)
    return make_user(f"{name}@example.org", campaign, Role(name))
