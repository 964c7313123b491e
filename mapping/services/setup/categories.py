"""The categories of a campaign: added, changed, ordered, removed; each change is kept in the history.

A category with contributions is never deleted with them: it is closed, or its contributions move to another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from accounts.models import User
from mapping.models import Campaign, Category, Contribution
from mapping.models.campaign import Marker, Palette, PlaceType, SmallestZoom
from mapping.registry import Registry
from mapping.services.errors import Conflict, Invalid, Problem, invalid
from mapping.services.moderation import moderate
from mapping.services.setup.asking.owners import changing, checked_line, free_name, listed, order_of
from mapping.services.setup.changes import note

STEP: Final = "categories"
MOST_CATEGORIES: Final = 30
MOST_MOVED: Final = 500
"""Most contributions that move to another category at once: each is checked and keeps its former answers."""
_FIELDS: Final = (
    *("title", "description", "geometry_types", "marker", "colour"),
    *("takes_contributions", "text_required", "smallest_zoom"),
)


@dataclass(frozen=True, eq=False)
class CategoryUse:
    """What another app keeps of categories: `before_removal` refuses by a DomainError where that would be lost."""

    name: str
    before_removal: Callable[[Category], None]


CATEGORY_USES: Final[Registry[CategoryUse]] = Registry("use of categories")


@dataclass(frozen=True, kw_only=True)
class CategoryDraft:
    """A category as its form has it, not checked."""

    title: str
    description: str = ""
    geometry_types: Sequence[str] = (PlaceType.POINT,)
    marker: str = Marker.CIRCLE
    colour: str = Palette.BLUE
    takes_contributions: bool = True
    text_required: bool = False
    smallest_zoom: int = SmallestZoom.ANY


def categories_of(campaign: Campaign) -> list[Category]:
    """The categories in their order, each with the number of its questions (`questions_count`)."""
    found = Category.objects.filter(campaign=campaign).annotate(questions_count=Count("questions"))
    return list(found.order_by("position", "pk"))


def free_look(categories: Sequence[Category]) -> tuple[Marker, Palette]:
    """A marker and a colour that no category has yet, as far as there are any left."""
    markers, colours = ({getattr(one, name) for one in categories} for name in ("marker", "colour"))
    return (
        next((one for one in Marker if one not in markers), Marker.CIRCLE),
        next((one for one in Palette if one not in colours), Palette.GREY),
    )


def add_category(campaign: Campaign, draft: CategoryDraft, *, actor: User) -> Category:
    """Add a category behind the others; its short name is made from its title.

    Raises NotAllowed "not_manager" and "unpublishable", Invalid by the names of the draft's fields.
    """
    with changing(campaign, actor):
        before = categories_of(campaign)
        if len(before) >= MOST_CATEGORIES:
            raise invalid("title", "too_many_categories", max=MOST_CATEGORIES)
        category = Category(campaign=campaign, position=len(before))
        _apply(category, draft)
        category.slug = free_name(category.title, {one.slug for one in before}, "category")
        _number(before)
        category.save(force_insert=True)
        _note(campaign, actor, after=category)
    return category


def change_category(category: Category, draft: CategoryDraft, *, actor: User) -> Category:
    """Replace everything of a category but its short name; raises as `add_category`, Conflict "gone".

    Kinds of place that contributions have stay allowed: their authors could not correct them otherwise.
    """
    with changing(category.campaign, actor):
        stored = _stored(category)
        former = values_of(stored)
        _apply(stored, draft)
        dropped = set(former["geometry_types"]) - set(stored.geometry_types)
        used = _used_types(stored, dropped)
        if used:
            raise invalid("geometry_types", "place_type_used", types=listed([str(one.label) for one in used]))
        stored.save()
        _note(stored.campaign, actor, before=former, after=stored)
    return stored


def place_category(category: Category, index: int, *, actor: User) -> None:
    """Move a category to a place among those of its campaign, counted from 0; raises NotAllowed, Conflict "gone"."""
    campaign = category.campaign
    with changing(campaign, actor):
        before = categories_of(campaign)
        stored = _stored(category)
        after = [one for one in before if one.pk != stored.pk]
        after.insert(max(0, index), next(one for one in before if one.pk == stored.pk))
        if after == before:
            return
        _number(after)
        note(
            campaign,
            actor,
            STEP,
            before={"order": order_of(before)},
            after={"order": order_of(after)},
        )


def count_of_contributions(category: Category) -> int:
    """How many contributions a category has, in any status."""
    return Contribution.objects.filter(category=category).count()


def remove_category(category: Category, *, actor: User, move_to: Category | None = None) -> int:
    """Remove a category with its questions; its contributions move to another category of the campaign.

    Answers that do not fit the other category's questions are kept in the record of each contribution. Returns how many
    moved. Raises NotAllowed "not_manager" and "unpublishable", Conflict "gone", Invalid on "move_to": `category_in_use`
    without another one, `too_many_to_move`, `places_do_not_fit`; and what `CATEGORY_USES` raise.
    """
    campaign = category.campaign
    with changing(campaign, actor):
        stored = _stored(category)
        for use in CATEGORY_USES:
            use.before_removal(stored)
        number = count_of_contributions(stored)
        if number:
            _move(stored, _target(stored, move_to, number), actor)
        _note(campaign, actor, before=values_of(stored))
        stored.delete()
        _number([one for one in categories_of(campaign) if one.pk != category.pk])
    return number


def draft_of(category: Category) -> CategoryDraft:
    """A stored category as its form shows it."""
    return CategoryDraft(**{name: getattr(category, name) for name in _FIELDS})


def _apply(category: Category, draft: CategoryDraft) -> None:
    problems: dict[str, list[Problem]] = {}
    for name, value, most in (("title", draft.title, 120), ("description", draft.description, 300)):
        try:
            setattr(category, name, checked_line(name, value, most, required=name == "title"))
        except Invalid as refused:
            problems |= refused.fields
    types = [one for one in PlaceType.values if one in draft.geometry_types]
    if not types or len(types) < len(set(draft.geometry_types)):
        problems["geometry_types"] = [Problem("place_type_needed")]
    chosen: tuple[tuple[str, Sequence[str | int]], ...] = (
        ("marker", Marker.values),
        ("colour", Palette.values),
        ("smallest_zoom", SmallestZoom.values),
    )
    for name, values in chosen:
        if getattr(draft, name) not in values:
            problems[name] = [Problem("not_a_choice")]
    if problems:
        raise Invalid(problems)
    category.geometry_types = types
    category.marker, category.colour = draft.marker, draft.colour
    category.takes_contributions, category.text_required = draft.takes_contributions, draft.text_required
    category.smallest_zoom = draft.smallest_zoom


def _stored(category: Category) -> Category:
    stored = Category.objects.select_related("campaign").filter(pk=category.pk).first()
    if stored is None:
        raise Conflict("gone")
    return stored


def _used_types(category: Category, types: set[str]) -> list[PlaceType]:
    found = Contribution.objects.filter(category=category)
    return [
        one
        for one in PlaceType
        if one in types
        and (found.filter(geom=None) if one == PlaceType.NONE else found.of_place_types([one])).exists()
    ]


def _target(category: Category, move_to: Category | None, number: int) -> Category:
    if move_to is None or move_to.campaign_id != category.campaign_id or move_to.pk == category.pk:
        raise invalid("move_to", "category_in_use", number=number)
    if number > MOST_MOVED:
        raise invalid("move_to", "too_many_to_move", number=number, max=MOST_MOVED)
    unfit = _used_types(category, set(PlaceType.values) - set(move_to.geometry_types))
    if unfit:
        raise invalid("move_to", "places_do_not_fit", title=move_to.title)
    return move_to


def _move(category: Category, target: Category, actor: User) -> None:
    for contribution in Contribution.objects.filter(category=category).order_by("pk"):
        try:
            moderate.edit(contribution, actor, category=target.slug)
        except Invalid as refused:
            raise invalid("move_to", "places_do_not_fit", title=target.title) from refused


def values_of(category: Category) -> dict[str, Any]:
    """What a change can concern."""
    return {name: getattr(category, name) for name in ("slug", *_FIELDS)}


def _note(
    campaign: Campaign, actor: User, *, before: Mapping[str, Any] | None = None, after: Category | None = None
) -> None:
    now = None if after is None else values_of(after)
    if before == now:
        return
    title = (now or before or {})["title"]
    key = f"category {title}"
    note(
        campaign,
        actor,
        STEP,
        before={} if before is None else {key: dict(before)},
        after={} if now is None else {key: now},
    )


def _number(categories: Sequence[Category]) -> None:
    """Store the order of the categories."""
    moved = []
    for position, category in enumerate(categories):
        if category.position != position:
            category.position = position
            moved.append(category)
    Category.objects.bulk_update(moved, ["position"])
