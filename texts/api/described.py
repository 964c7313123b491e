"""The OpenAPI descriptions of texts."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from mapping.api import openapi
from mapping.api.shapes import INTEGER, TEXT, Shape, integer, listed, maybe, members
from texts.models import Fate
from texts.services.suggesting import LONGEST

URL: Final[Shape] = {"type": "string", "format": "uri"}
ID: Final[Shape] = {"type": "string", "format": "uuid"}
MOMENT: Final[Shape] = {"type": "string", "format": "date-time"}
_STATUS: Final[Shape] = {"type": "string", "enum": ["published", "pending"]}

_QUOTE: Final[dict[str, Shape]] = {
    "prefix": TEXT | {"description": "Words before the quote."},
    "exact": TEXT | {"description": "The quoted words; empty where words are added behind `prefix`."},
    "suffix": TEXT | {"description": "Words behind the quote."},
}
SUGGESTION: Final[Shape] = members(
    id=ID | {"description": "That of its comment."},
    section=ID,
    version=integer("The version that is quoted."),
    quote=members(type={"type": "string", "enum": ["TextQuoteSelector"]}, **_QUOTE),
    replacement=TEXT,
    text=TEXT | {"description": "The reason, in the words of whoever suggested it."},
    fate={"type": "string", "enum": list(Fate.values)},
    reason=TEXT | {"description": "Why the city decided so."},
    adopted_in=maybe(integer("The version with it.")),
    created=MOMENT,
    status=_STATUS,
)
_SECTION: Final[Shape] = members(
    id=ID | {"description": "Stays through all versions; also the id of the contribution."},
    number=TEXT | {"description": "As shown, such as 2.1; changes with the order."},
    heading=TEXT,
    body=TEXT
    | {"description": "Plain text: empty lines between paragraphs, items with `- `, cells with ` | `."},
    level=integer("Of the heading, from 1."),
    comments=INTEGER,
    support=INTEGER,
    opposition=INTEGER,
    suggestions=integer("Public ones for this section."),
    version=integer("The first version in which it reads like this."),
    url=URL,
    comments_url=URL,
)
_VERSION: Final[Shape] = members(
    number=INTEGER,
    published=MOMENT,
    note=TEXT | {"description": "What changed."},
)
TEXT_BODY: Final[Shape] = members(
    category=TEXT,
    title=TEXT,
    language=TEXT | {"description": "Of headings and bodies (BCP 47)."},
    version=INTEGER,
    versions=listed(_VERSION, "The newest first."),
    sections=listed(_SECTION, "In order."),
    suggestions=listed(SUGGESTION, "In the order of sections, the oldest first; of all versions."),
    url=URL,
)
TEXTS_BODY: Final[Shape] = members(
    texts=listed(members(category=TEXT, title=TEXT, version=INTEGER, sections=INTEGER, url=URL))
)
NEW_SUGGESTION: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["section", "replacement"],
    "properties": {
        "section": ID,
        **_QUOTE,
        "replacement": TEXT | {"description": "Empty where words shall go."},
        "text": TEXT | {"description": f"The reason; at most {LONGEST} characters with all other words."},
    },
}
VERSION: Final = OpenApiParameter(
    "version",
    {"type": "integer", "minimum": 1},
    OpenApiParameter.QUERY,
    description="A published version; without it the newest one.",
)
ENDING: Final = OpenApiParameter("ending", str, OpenApiParameter.PATH, enum=["docx", "pdf"])
STATUS: Final = OpenApiParameter(
    "status",
    str,
    OpenApiParameter.QUERY,
    description="For moderators and analysts: `published`, `pending`, or both as a comma list.",
)


def responses(shape: Shape, *more: int) -> dict[Any, OpenApiResponse]:
    """The responses of reading."""
    return {200: OpenApiResponse(shape), **openapi.problems(400, 403, 404, *more)}
