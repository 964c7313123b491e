"""The content of the demo: the JSON files in `fixtures/demo` as dataclasses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

import shapely
from django.conf import settings

from mapping.demo import SLUGS
from mapping.services.campaigns import NewCategory, NewQuestion

ATTRIBUTION = "Beispieldaten: alle Beiträge sind frei erfunden"


Line = str | tuple[str, dict[str, object]]


class Place(TypedDict):
    """A well-known place; `near` is the phrase for "near it", `weight` its share of contributions."""

    name: str
    near: str
    kind: str
    lon: float
    lat: float
    weight: float


class Street(TypedDict):
    """A street and its course (lon, lat)."""

    slug: str
    name: str
    line: list[tuple[float, float]]


class Quarter(TypedDict):
    """A part of the city, whose area is everything that is nearest to one point."""

    code: str
    name: str
    lon: float
    lat: float


class GroundArea(TypedDict):
    """An area of the sketched ground: its outline, and islands in it (lon, lat)."""

    ring: list[tuple[float, float]]
    holes: NotRequired[list[list[tuple[float, float]]]]


class GroundLine(TypedDict):
    """A line of the sketched ground (lon, lat)."""

    line: list[tuple[float, float]]


class GroundLabel(TypedDict):
    """A name on the sketched ground (lon, lat)."""

    at: tuple[float, float]


class GroundSketch(TypedDict):
    """The ground of the city, drawn by hand; all have a class, some a name (`imports.ground.columns`)."""

    attribution: str
    areas: list[GroundArea]
    lines: list[GroundLine]
    labels: list[GroundLabel]


class Rejection(TypedDict):
    """A contribution to be rejected, and the reason."""

    text: str
    reason: str


class CityLines(TypedDict):
    """The category in which the city puts every street up for discussion."""

    category: str
    text: str


class Generate(TypedDict):
    """Numbers and texts of contributions and reactions of a campaign.

    `hours` are the first and last hour in which people answer for a category (25 is one o'clock at night), `around`
    the kinds of places near which it is marked. `{near}` and `{street}` in texts name the nearest place and street; a
    text may come with the answers that fit it (null: none).
    """

    participants: int
    contributions: int
    by_category: dict[str, int]
    texts: dict[str, list[Line]]
    pending: NotRequired[int]
    rejected: NotRequired[int]
    support: NotRequired[int]
    opposition: NotRequired[int]
    comments: NotRequired[int]
    pending_comments: NotRequired[int]
    photos: NotRequired[int]
    hours: NotRequired[dict[str, tuple[int, int]]]
    around: NotRequired[dict[str, list[str]]]
    answer_texts: NotRequired[dict[str, list[str]]]
    rejections: NotRequired[list[Rejection]]
    city_lines: NotRequired[CityLines]
    comment_texts: NotRequired[list[str]]
    replies: NotRequired[dict[str, int]]
    reply_texts: NotRequired[dict[str, str]]


class Drawn(TypedDict):
    """How the answers to a question are drawn.

    `share` answer it where they need not. `weights` are those of choices (of several, and of yes, chances), multiplied
    by `factors` for answers to other questions: `{question: {answer: {choice: factor}}}`. `means` are those of a scale
    (under an empty name) or of a matrix's rows, moved by `leans` (`{question: {answer: {row: steps}}}`). `texts` are by
    the answer to the question `by`, or under an empty name; `others` are those of "other, namely". Rankings begin with
    the answer to `by`.
    """

    share: NotRequired[float]
    weights: NotRequired[dict[str, float]]
    factors: NotRequired[dict[str, dict[str, dict[str, float]]]]
    means: NotRequired[dict[str, float]]
    leans: NotRequired[dict[str, dict[str, dict[str, float]]]]
    texts: NotRequired[dict[str, list[str]]]
    by: NotRequired[str]
    others: NotRequired[list[str]]


class SurveyPlan(TypedDict):
    """Numbers and answers of a survey's responses: all, of them on paper, of them by people who took part otherwise."""

    responses: int
    answers: dict[str, Drawn]
    paper: NotRequired[int]
    batch: NotRequired[str]
    also_took_part: NotRequired[int]


class PlannedPhase(TypedDict):
    """A phase; days count from today's midnight."""

    title: str
    description: str
    opens_in_days: int
    closes_in_days: int
    allows: list[str]


class CampaignFields(TypedDict):
    """A campaign's own fields; days count from today's midnight."""

    slug: str
    title: str
    summary: str
    description: str
    outcome: NotRequired[str]
    organiser: str
    contact: str
    publication: str
    k: int
    moderation: str
    allows_comments: bool
    allows_support: bool
    allows_opposition: bool
    allows_photos: bool
    opens_in_days: int
    closes_in_days: int
    without_area: NotRequired[bool]


@dataclass(frozen=True)
class DemoCampaign:
    """One file."""

    fields: CampaignFields
    categories: tuple[NewCategory, ...]
    generate: Generate
    survey: tuple[NewQuestion, ...] = ()
    responses: SurveyPlan | None = None
    phases: tuple[PlannedPhase, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the tag of the language: each text that is written otherwise in it, by its original."""


def campaigns() -> list[DemoCampaign]:
    """The campaigns in their order."""
    return [_campaign(cast("dict[str, object]", _read(f"{slug}.json"))) for slug in SLUGS]


def places() -> list[Place]:
    """Places of contributions."""
    return cast("dict[str, list[Place]]", _read("places.json"))["places"]


def streets() -> list[Street]:
    """The streets that the city proposes."""
    return cast("dict[str, list[Street]]", _read("streets.json"))["streets"]


def quarters() -> list[Quarter]:
    """The parts of the city."""
    return cast("dict[str, list[Quarter]]", _read("quarters.json"))["quarters"]


def ground_sketch() -> GroundSketch:
    """The ground of the city, drawn by hand."""
    return cast("GroundSketch", _read("ground.json"))


def area() -> shapely.MultiPolygon:
    """The outline of the city, sketched by hand."""
    text = (_folder() / "area.geojson").read_text(encoding="utf-8")
    parts = shapely.get_parts(shapely.from_geojson(text)).tolist()
    return shapely.MultiPolygon(parts)


def _campaign(data: dict[str, object]) -> DemoCampaign:
    categories = cast("list[dict[str, object]]", data["categories"])
    fields = cast("CampaignFields", data["campaign"])
    return DemoCampaign(
        fields=fields,
        categories=tuple(_category(category) for category in categories),
        generate=cast("Generate", data["generate"]),
        survey=_questions(data.get("survey", [])),
        responses=cast("SurveyPlan | None", data.get("responses")),
        phases=tuple(cast("list[PlannedPhase]", data.get("phases", []))),
        translations=_translations().get(str(fields["slug"]), {}),
    )


def _category(data: dict[str, object]) -> NewCategory:
    return NewCategory(**cast("dict[str, Any]", {**data, "questions": _questions(data["questions"])}))


def _questions(data: object) -> tuple[NewQuestion, ...]:
    return tuple(NewQuestion(**question) for question in cast("list[dict[str, Any]]", data))


def _translations() -> dict[str, dict[str, dict[str, str]]]:
    """Texts by campaign, language and original."""
    return cast("dict[str, dict[str, dict[str, str]]]", _read("translations.json"))


def _folder() -> Path:
    return settings.BASE_DIR / "fixtures" / "demo"


def _read(name: str) -> object:
    return json.loads((_folder() / name).read_text(encoding="utf-8"))
