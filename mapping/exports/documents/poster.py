"""Posters of campaigns as PDF: title, what is asked, a large QR code of the short address, until when.

The words around them are German or English; title and question stand in whichever language the campaign can be read
in, as long as the typeface has its letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from mapping.exports.documents import qr
from mapping.exports.documents.pdf import as_pdf
from mapping.exports.documents.typeface import has_letters_for
from mapping.geo.colour import city_schemes
from mapping.languages import site_language
from mapping.links.short import code_of
from mapping.models import Campaign, Category
from mapping.models.campaign import PlaceType
from mapping.models.setup.profile import CityProfile, current_city
from mapping.translated.reading import Reading, in_language, tags_of

Size = Literal["A4", "A3"]
SIZES: Final[tuple[Size, ...]] = get_args(Size)
_TITLE_LENGTHS: Final = ((22, "short"), (45, "middle"), (80, "long"))
"""Characters of a title, and how large it is set; longer ones are set smallest."""
_DENSE: Final = 240
"""Above this length (`_length`) everything is set smaller, so that it stays on one page."""


@dataclass(frozen=True, slots=True)
class Poster:
    """Which poster: of a campaign or of one of its categories, in a language that the campaign can be read in or in
    one of the site's.
    """

    campaign: Campaign
    language: str
    category: Category | None = None
    size: Size = "A4"

    @property
    def filename(self) -> str:
        """The name of the file."""
        of_category = () if self.category is None else (self.category.slug,)
        return (
            "-".join(("poster", self.campaign.slug, *of_category, self.language, self.size.lower())) + ".pdf"
        )


def short_address(campaign: Campaign) -> str:
    """The whole short address of a stored campaign."""
    return f"{settings.SITE_URL}{reverse('short-address', args=(code_of(campaign.pk),))}"


def in_print(address: str) -> str:
    """An address as it is printed and typed: browsers add the rest."""
    return address.partition("://")[2]


def link_of(poster: Poster) -> str:
    """What the QR code holds: the short address with the category, and the language unless it is the campaign's own."""
    query: dict[str, str] = {}
    if poster.category is not None:
        query["category"] = poster.category.slug
    if poster.language != poster.campaign.language and poster.language in tags_of(poster.campaign):
        query["language"] = poster.language
    return short_address(poster.campaign) + (f"?{urlencode(query)}" if query else "")


def poster_languages(campaign: Campaign) -> list[str]:
    """The languages in which posters of a campaign can be made: its own, those of the site, further ones with letters
    of the typeface.
    """
    tags = dict.fromkeys([*tags_of(campaign), *dict(settings.LANGUAGES)])
    return [tag for tag in tags if _has_letters(in_language(campaign, tag))]


def poster_pdf(poster: Poster) -> bytes:
    """The poster as PDF. Raises OSError where `pdf.is_possible` is not."""
    reading = in_language(poster.campaign, poster.language)
    city = current_city()
    logo = city.logo.read() if city.logo else None
    pictures = {"code.svg": qr.as_svg_file(link_of(poster))} | ({"logo.png": logo} if logo else {})
    with translation.override(site_language(poster.language)):
        html = render_to_string("mapping/printed/poster.html", _context(poster, reading, city, pictures))
    return as_pdf(html, pictures=pictures)


def _context(
    poster: Poster, reading: Reading, city: CityProfile, pictures: Mapping[str, bytes]
) -> dict[str, object]:
    category = None if poster.category is None else reading.of(poster.category)
    address = in_print(short_address(poster.campaign))
    categories = [poster.category] if poster.category else list(poster.campaign.categories.all())
    light, _dark = city_schemes(city.accent)
    return {
        "campaign": reading.campaign,
        "category": category,
        "city": city,
        "has_logo": "logo.png" in pictures,
        "address": address,
        "address_size": _fitting(address),
        "title_size": next(
            (name for most, name in _TITLE_LENGTHS if len(reading.campaign.title) <= most), "longest"
        ),
        "is_dense": _length(reading, category) > _DENSE,
        "has_places": _has_places(categories),
        "has_categories": bool(categories),
        "is_protected": not poster.campaign.publishes_points,
        "accent": light.accent,
        "accent_ink": light.tokens["--on-accent"],
        "size": poster.size,
        "language": translation.get_language(),
    }


def _has_places(categories: Sequence[Category]) -> bool:
    return any(set(one.geometry_types) - {PlaceType.NONE} for one in categories)


def _length(reading: Reading, category: Category | None) -> float:
    """How much room title and question take, in characters of the question: those of titles take more."""
    title = reading.campaign.title
    asked = reading.campaign.summary if category is None else f"{category.title} {category.description}"
    return 1.6 * len(title) + len(asked)


def _has_letters(reading: Reading) -> bool:
    categories = [reading.of(one) for one in reading.original.categories.all()]
    texts = (reading.campaign.title, reading.campaign.summary, *(one.title for one in categories))
    return not reading.language.is_rtl and all(map(has_letters_for, texts))


def _fitting(address: str) -> str:
    """The size of the printed address in millimetres of an A4 poster, so that it fits into one line."""
    return f"{min(12.0, 172 / (0.53 * max(len(address), 1))):.2f}"
