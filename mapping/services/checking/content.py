"""Validation of contributions from any source: category, place, text, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import shapely
from django.contrib.gis.geos import GEOSGeometry
from shapely.geometry.base import BaseGeometry

from mapping.geo.errors import GeometryProblem, TextProblem
from mapping.geo.geojson import GEOJSON_TYPES, parse_geometry
from mapping.geo.text import clean_text
from mapping.models import Campaign, Category
from mapping.models.campaign import PlaceType
from mapping.questions.kind import Answer
from mapping.services.checking.answers import clean_answers
from mapping.services.checking.area import check_inside_area
from mapping.services.errors import Invalid, Problem, invalid

MAX_TEXT = 5000
MAX_TITLE = 120
HIGHEST_ZOOM = 24


@dataclass(frozen=True)
class Submission:
    """A contribution as received, not validated.

    `category` is a slug, `geometry` a decoded GeoJSON geometry (or a shapely one in lon/lat) or None, `photos` the
    uploaded files' bytes. `id` is the UUID chosen by the client, so that a repeated request stores once. Only places
    of the city have a `title`.
    """

    category: str
    geometry: object | None = None
    text: str = ""
    answers: Mapping[str, object] | None = field(default_factory=dict)
    id: UUID | None = None
    zoom: int | None = None
    photos: tuple[bytes, ...] | list[bytes] = ()
    title: str = ""


@dataclass(frozen=True)
class Checked:
    """A validated contribution."""

    category: Category
    geom: GEOSGeometry | None
    text: str
    answers: dict[str, Answer]
    zoom: int | None
    title: str = ""


class Collected:
    """Collects the problems of all fields, so that all are reported at once."""

    def __init__(self) -> None:
        self.fields: dict[str, list[Problem]] = {}

    def add(self, name: str, code: str, **params: object) -> None:
        """Add a problem."""
        self.fields.setdefault(name, []).append(Problem(code, params))

    def take(self, error: Invalid) -> None:
        """Add the problems of an error."""
        for name, problems in error.fields.items():
            self.fields.setdefault(name, []).extend(problems)

    def raise_if_any(self) -> None:
        """Raise Invalid if there are any problems."""
        if self.fields:
            raise Invalid(self.fields)


def check(
    campaign: Campaign, submission: Submission, *, require_answers: bool = True, require_text: bool = True
) -> Checked:
    """Validate a submission; raises Invalid with every problem found.

    Permission to contribute now, and to this category, is checked elsewhere (`gates`, `submit`). Without `require_text`
    a text may be missing in a category that requires one.
    """
    collected = Collected()
    category = find_category(campaign, submission.category)
    if category is None:
        collected.add("category", "unknown_category")
    geom = text = answers = None
    title = ""
    try:
        geom = checked_geometry(campaign, category, submission.geometry)
    except Invalid as error:
        collected.take(error)
    try:
        text = checked_text(submission.text)
    except Invalid as error:
        collected.take(error)
    try:
        title = checked_text(submission.title, max_length=MAX_TITLE, name="title", multiline=False)
    except Invalid as error:
        collected.take(error)
    if category is not None:
        try:
            answers = clean_answers(
                list(category.questions.all()), submission.answers, require=require_answers
            )
        except Invalid as error:
            collected.take(error)
        is_asked = require_text and category.text_required
        if text == "" and (is_asked or _is_empty(submission, answers)):
            collected.add("text", "required")
    try:
        zoom = _checked_zoom(submission.zoom)
    except Invalid as error:
        collected.take(error)
    collected.raise_if_any()
    assert category is not None  # noqa: S101 - for the type checker: all problems were raised above
    assert text is not None  # noqa: S101
    return Checked(category, geom, text, answers or {}, zoom, title)


def find_category(campaign: Campaign, slug: object) -> Category | None:
    """The campaign's category with a slug; NUL, which PostgreSQL cannot compare, is in no slug."""
    if not isinstance(slug, str) or "\x00" in slug or not slug.isprintable():
        return None
    return campaign.categories.filter(slug=slug).first()


def checked_geometry(campaign: Campaign, category: Category | None, value: object) -> GEOSGeometry | None:
    """Validate the place: of a type that the category accepts and inside the campaign's area."""
    wanted = set(GEOJSON_TYPES) if category is None else set(category.geometry_types)
    types = [name for word, name in GEOJSON_TYPES.items() if word in wanted]
    if value is None:
        if category is not None and PlaceType.NONE not in wanted:
            raise invalid("geometry", "geometry_required")
        return None
    if not types:
        raise invalid("geometry", "geometry_not_wanted")
    try:
        geom = parse_geometry(_as_geojson(value), allowed=types)
        check_inside_area(campaign, geom)
    except GeometryProblem as problem:
        raise Invalid({"geometry": [Problem(problem.code, problem.params)]}) from None
    return to_geos(geom)


def checked_text(
    value: object, *, max_length: int = MAX_TEXT, name: str = "text", multiline: bool = True
) -> str:
    """A text of several lines or of one, cleaned."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(name, "not_a_text")
    try:
        return clean_text(value, max_length=max_length, multiline=multiline)
    except TextProblem as problem:
        raise Invalid({name: [Problem(problem.code, problem.params)]}) from None


def to_geos(geom: BaseGeometry) -> GEOSGeometry:
    """Convert a shapely geometry in lon/lat to GEOS, as Django stores it."""
    return GEOSGeometry(memoryview(shapely.to_wkb(geom)), srid=4326)


def _as_geojson(value: object) -> object:
    return shapely.geometry.mapping(value) if isinstance(value, BaseGeometry) else value


def _is_empty(submission: Submission, answers: dict[str, Answer] | None) -> bool:
    """Whether a contribution would be empty without a text."""
    return submission.geometry is None and answers == {} and not submission.photos and not submission.title


def _checked_zoom(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid("zoom", "not_a_zoom", max=HIGHEST_ZOOM)
    if not 0 <= value <= HIGHEST_ZOOM:
        raise invalid("zoom", "not_a_zoom", max=HIGHEST_ZOOM)
    return int(value)
