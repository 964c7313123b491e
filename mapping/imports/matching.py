"""Mapping of rows of a file to categories, which are created on request."""

from typing import Final

from django.utils.text import slugify

from mapping.models import Campaign, Category, Question
from mapping.models.campaign import Marker, Palette, PlaceType
from mapping.services.campaigns import NewCategory, add_category

_UMLAUTS: Final = str.maketrans({ord(a): b for a, b in zip("äöüß", ("ae", "oe", "ue", "ss"), strict=True)})
"""German transliteration; `slugify` would only drop the dots."""


class Categories:
    """A campaign's categories by title and short name, with their questions; new ones may be closed to citizens."""

    def __init__(self, campaign: Campaign, *, open_to_citizens: bool = True) -> None:
        self._campaign = campaign
        self._open_to_citizens = open_to_citizens
        found = list(campaign.categories.prefetch_related("questions"))
        self._by_name = {category.title: category for category in found}
        self._by_name |= {category.slug: category for category in found}
        self.questions: dict[int, list[Question]] = {
            category.pk: list(category.questions.all()) for category in found
        }

    def find(self, name: str) -> Category | None:
        """The category with a title or short name; without a name, the campaign's only category."""
        if not name and len(self.questions) == 1:
            return next(iter(self._by_name.values()))
        return self._by_name.get(name) or self._by_name.get(_slug(name))

    def find_or_make(self, name: str, kind: PlaceType) -> Category:
        """The category, created or extended to a geometry type where needed."""
        category = self.find(name) or self._make(name, kind)
        if kind not in category.geometry_types:
            category.geometry_types = [*category.geometry_types, kind]
            category.save(update_fields=["geometry_types"])
        return category

    def _make(self, name: str, kind: PlaceType) -> Category:
        position = len(self.questions)
        new = NewCategory(
            slug=_slug(name) or f"category-{position + 1}",
            title=name or "Import",
            geometry_types=[kind],
            marker=Marker.values[position % len(Marker.values)],
            colour=Palette.values[position % len(Palette.values)],
            takes_contributions=self._open_to_citizens,
        )
        category = add_category(self._campaign, new, position)
        self._by_name[name] = self._by_name[category.slug] = category
        self.questions[category.pk] = []
        return category


def _slug(name: str) -> str:
    return slugify(name.lower().translate(_UMLAUTS))[:80]
