"""Services: the categories of public campaigns that take points from citizens, and what they ask."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.catalogue.open311.errors import Refused
from mapping.catalogue.open311.rendering import Row, Value
from mapping.models import Campaign, Category, Question, QuestionKind
from mapping.models.campaign import PlaceType

_LONGEST_SCALE: Final = 100
"""Longer ones are asked for as numbers."""
UNKNOWN_SERVICE: Final = gettext_lazy("There is no such service.")

_DATA_TYPES: Final = {
    QuestionKind.TEXT: "string",
    QuestionKind.LONG_TEXT: "text",
    QuestionKind.SINGLE_CHOICE: "singlevaluelist",
    QuestionKind.MULTIPLE_CHOICE: "multivaluelist",
    QuestionKind.SCALE: "singlevaluelist",
    QuestionKind.NUMBER: "number",
    QuestionKind.YES_NO: "singlevaluelist",
    QuestionKind.TIME_OF_DAY: "string",
}


def services() -> QuerySet[Category]:
    """Categories of all public campaigns that citizens place points in, with their campaigns."""
    return (
        Category.objects.filter(
            campaign__in=Campaign.objects.visible(),
            geometry_types__contains=[PlaceType.POINT],
            takes_contributions=True,
        )
        .select_related("campaign")
        .defer("campaign__area", "campaign__description", "campaign__outcome")
    )


def open_services(at: datetime) -> list[Row]:
    """Those that take reports now."""
    running = services().filter(campaign__in=Campaign.objects.visible().open(at))
    asking = running.annotate(asks=Exists(Question.objects.filter(category=OuterRef("pk"))))
    return [_service(one, asks=one.asks) for one in asking.order_by("campaign__slug", "position", "pk")]


def find_service(code: str) -> Category:
    """The category with this code; raises Refused."""
    campaign, _dot, category = code.partition(".")
    # NUL, which PostgreSQL cannot compare, is in no code.
    found = services().filter(campaign__slug=campaign, slug=category).first() if code.isprintable() else None
    if found is None:
        raise Refused(404, "service_code", UNKNOWN_SERVICE)
    return found


def code_of(campaign: str, category: str) -> str:
    """The code of a category: both short names, neither of which holds a dot."""
    return f"{campaign}.{category}"


def definition(category: Category) -> Row:
    """The service's questions (GeoReport v2, "GET Service Definition")."""
    return {
        "service_code": code_of(category.campaign.slug, category.slug),
        "attributes": [
            _attribute(question, order) for order, question in enumerate(category.questions.all(), start=1)
        ],
    }


def scale_of(question: Question) -> range:
    """The values of a scale."""
    return range(_whole(question, "minimum", 1), _whole(question, "maximum", 5) + 1)


def _service(category: Category, *, asks: bool) -> Row:
    return {
        "service_code": code_of(category.campaign.slug, category.slug),
        "service_name": category.title,
        "description": category.description or category.campaign.summary,
        "metadata": asks,
        "type": "realtime",
        "keywords": "",
        "group": category.campaign.title,
    }


def _attribute(question: Question, order: int) -> Row:
    kind = QuestionKind(question.kind)
    is_long = kind == QuestionKind.SCALE and len(scale_of(question)) > _LONGEST_SCALE
    data_type = "number" if is_long else _DATA_TYPES[kind]
    attribute: dict[str, Value] = {
        "variable": True,
        "code": question.slug,
        "datatype": data_type,
        "required": question.required,
        "datatype_description": _hint(question),
        "order": order,
        "description": question.title,
    }
    if data_type.endswith("list"):
        attribute["values"] = [{"key": key, "name": name} for key, name in _values(question)]
    return attribute


def _hint(question: Question) -> str | None:
    """What to write, where the type does not say it."""
    options = question.options
    parts = [question.help_text]
    if question.kind == QuestionKind.TIME_OF_DAY:
        parts.append("HH:MM")
    if question.kind in {QuestionKind.NUMBER, QuestionKind.SCALE}:
        low, high, unit = (str(options.get(name, "")) for name in ("minimum", "maximum", "unit"))
        parts.append(f"{low}–{high} {unit}".strip() if low or high else unit)
    return " ".join(part for part in parts if part) or None


def _values(question: Question) -> Iterator[tuple[str, str]]:
    if question.kind == QuestionKind.YES_NO:
        yield from (("true", _("Yes")), ("false", _("No")))
        return
    if question.kind != QuestionKind.SCALE:
        for choice in question.options.get("choices", ()):
            yield str(choice["value"]), str(choice.get("title", choice["value"]))
        return
    scale = scale_of(question)
    titles = {
        scale[0]: question.options.get("minimum_title"),
        scale[-1]: question.options.get("maximum_title"),
    }
    for value in scale:
        title = titles.get(value)
        yield str(value), f"{value} ({title})" if title else str(value)


def _whole(question: Question, name: str, default: int) -> int:
    value = question.options.get(name, default)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else default
