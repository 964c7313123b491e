"""Services: the categories of public campaigns that take points from citizens, and what they ask."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from mapping.catalogue.open311.errors import Refused
from mapping.catalogue.open311.rendering import Row, Value
from mapping.models import Campaign, Category, Question
from mapping.models.campaign import PlaceType
from mapping.questions.registry import KINDS

UNKNOWN_SERVICE: Final = gettext_lazy("There is no such service.")


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
    kind = KINDS[question.kind]
    data_type = kind.open311_type(question.options)
    hints = (question.help_text, kind.open311_hint(question.options))
    attribute: dict[str, Value] = {
        "variable": True,
        "code": question.slug,
        "datatype": data_type,
        "required": question.required,
        "datatype_description": " ".join(hint for hint in hints if hint) or None,
        "order": order,
        "description": question.title,
    }
    if data_type.endswith("list"):
        values = kind.open311_values(question.options)
        attribute["values"] = [{"key": key, "name": name} for key, name in values]
    return attribute
