"""The template of campaigns in which people discuss a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mapping.models import Campaign, Moderation, Publication
from mapping.models.campaign import Marker, Palette, PlaceType
from mapping.services.campaigns import NewCategory
from mapping.services.setup.templates import Template
from texts.services.setup.texts import make_text

_SLUG: Final = "text"


def _categories() -> Sequence[NewCategory]:
    return (
        NewCategory(
            slug=_SLUG,
            title=_("Text"),
            geometry_types=[PlaceType.NONE.value],
            marker=Marker.SQUARE,
            colour=Palette.TEAL,
            takes_contributions=False,
        ),
    )


def _complete(campaign: Campaign, actor: User) -> None:
    make_text(campaign.categories.get(slug=_SLUG), actor=actor)


TEXT: Final = Template(
    "text",
    46,
    gettext_lazy("Discuss a text"),
    gettext_lazy(
        "People read a text, for example guidelines, section by section. They comment on each, support it and suggest "
        "other words. The text comes from a document."
    ),
    {"publication": Publication.POINTS, "moderation": Moderation.PRE},
    _categories,
    _complete,
)
