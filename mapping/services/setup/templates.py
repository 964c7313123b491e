"""What a new campaign can start from: settings and categories for the common kinds of participation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mapping.models import Campaign, Moderation, Publication
from mapping.models.campaign import Marker, Palette, PlaceType
from mapping.registry import Registry
from mapping.services.campaigns import NewCategory


def _no_categories() -> Sequence[NewCategory]:
    return ()


def _complete(_campaign: Campaign, _actor: User) -> None:
    pass


@dataclass(frozen=True, eq=False)
class Template:
    """A start: the words it is chosen by, the settings and the categories, in the language of whoever makes it.

    Lower positions come first (those of `mapping` are 10 to 50). `complete` adds what a new campaign has beside its
    categories: phases, or what another app keeps.
    """

    name: str
    position: int
    title: str | Promise
    description: str | Promise
    settings: Mapping[str, object] = field(default_factory=dict)
    categories: Callable[[], Sequence[NewCategory]] = _no_categories
    complete: Callable[[Campaign, User], None] = _complete


TEMPLATES: Final[Registry[Template]] = Registry("template of campaigns")


def _places() -> Sequence[NewCategory]:
    return (NewCategory(slug="ort", title=_("Place"), geometry_types=[PlaceType.POINT.value]),)


def _protected_places() -> Sequence[NewCategory]:
    return (
        NewCategory(
            slug="ort",
            title=_("Place"),
            geometry_types=[PlaceType.POINT.value],
            marker=Marker.DIAMOND,
            colour=Palette.PURPLE,
        ),
    )


def _lines() -> Sequence[NewCategory]:
    return (
        NewCategory(
            slug="vorschlag-der-stadt",
            title=_("Proposal of the city"),
            geometry_types=[PlaceType.LINE.value],
            colour=Palette.TEAL,
            takes_contributions=False,
        ),
        NewCategory(
            slug="eigener-vorschlag",
            title=_("My own proposal"),
            geometry_types=[PlaceType.LINE.value],
            marker=Marker.SQUARE,
            colour=Palette.ORANGE,
        ),
    )


def _ideas() -> Sequence[NewCategory]:
    return (
        NewCategory(
            slug="idee",
            title=_("Idea"),
            geometry_types=[PlaceType.NONE.value],
            marker=Marker.HEXAGON,
            colour=Palette.GREEN,
            text_required=True,
        ),
    )


OWN: Final = (
    Template(
        "places",
        10,
        gettext_lazy("Places"),
        gettext_lazy(
            "People mark places on the map. Everyone sees them after a review and may comment and support."
        ),
        {"publication": Publication.POINTS, "moderation": Moderation.PRE},
        _places,
    ),
    Template(
        "protected",
        20,
        gettext_lazy("Protected places"),
        gettext_lazy(
            "For sensitive topics such as fear spaces: people mark places, the public sees only areas of at least five "
            "people and no single contribution."
        ),
        {
            "publication": Publication.CELLS,
            "moderation": Moderation.PRE,
            "allows_comments": False,
            "allows_support": False,
            "allows_photos": False,
        },
        _protected_places,
    ),
    Template(
        "lines",
        30,
        gettext_lazy("Opinions on lines"),
        gettext_lazy(
            "The city draws routes, for example bike streets; people support, oppose and comment on them and draw "
            "their own."
        ),
        {"publication": Publication.POINTS, "moderation": Moderation.PRE, "allows_opposition": True},
        _lines,
    ),
    Template(
        "ideas",
        40,
        gettext_lazy("Ideas without a place"),
        gettext_lazy("People write ideas, read those of others, comment and support them. No map is needed."),
        {"publication": Publication.POINTS, "moderation": Moderation.PRE},
        _ideas,
    ),
    Template(
        "survey",
        50,
        gettext_lazy("Survey"),
        gettext_lazy("People answer questions of the city once, with or without pictures. No map is needed."),
        {
            "publication": Publication.POINTS,
            "moderation": Moderation.PRE,
            "allows_comments": False,
            "allows_support": False,
            "allows_photos": False,
        },
    ),
)


def templates() -> list[Template]:
    """All templates in their order."""
    return sorted(TEMPLATES, key=lambda one: one.position)


def template_named(name: str) -> Template | None:
    """The template of a name."""
    return TEMPLATES.named(name)
