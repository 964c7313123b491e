"""The OpenAPI descriptions of votes, ballots and results."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter

from mapping.api.shapes import INTEGER, TEXT, Shape, integer, listed, maybe, members
from voting.api.lookup import CODE_HEADER
from voting.models import Method, OptionChangeKind, Rule, Shown

URL: Final[Shape] = {"type": "string", "format": "uri"}
ID: Final[Shape] = {"type": "string", "format": "uuid"}
MOMENT: Final[Shape] = {"type": "string", "format": "date-time"}
YES_OR_NO: Final[Shape] = {"type": "boolean"}

LIMITS: Final = members(
    choices=maybe(integer("Most options on a ballot.")),
    points=maybe(integer("Points to distribute.")),
    points_per_option=maybe(integer("Most points for one option.")),
    budget=maybe(integer("The sum of money in whole euros. With the rule `budget` a ballot must fit it.")),
)
_CHANGE: Final = members(
    kind={"type": "string", "enum": OptionChangeKind.values},
    at=MOMENT,
    before=TEXT,
    after=TEXT,
    reason=TEXT,
)
OPTION: Final = members(
    id=ID | {"description": "Of the contribution, and the key in ballots and results."},
    title=TEXT,
    text=TEXT,
    cost=maybe(integer("In whole euros.")),
    place={
        "type": "object",
        "nullable": True,
        "description": "A GeoJSON geometry, WGS 84, longitude first; null without a place.",
    },
    district=maybe(members(code=TEXT, name=TEXT)),
    picture=maybe(URL),
    url=URL | {"description": "The page of the contribution."},
    withdrawn=YES_OR_NO | {"description": "Whether it cannot be chosen any more; its votes stay."},
    merged_into=maybe(ID | {"description": "The option that stands for this one now."}),
    changes=listed(_CHANGE, "What changed after the first ballot, the oldest first."),
)
VOTE: Final = members(
    category=TEXT | {"description": "Short name of the category."},
    title=TEXT,
    description=TEXT,
    explanation=TEXT,
    rule={"type": "string", "enum": Rule.values},
    limits=LIMITS,
    method=maybe(
        {"type": "string", "enum": Method.values, "description": "How the sum is spent, if there is one."}
    ),
    needs_code=YES_OR_NO | {"description": "Whether a ballot needs a printed voting code."},
    results={"type": "string", "enum": Shown.values, "description": "Who sees results, and when."},
    is_open=YES_OR_NO | {"description": "Whether people can vote now."},
    closed=maybe(members(code=TEXT, detail=TEXT) | {"description": "Why not; null while it is open."}),
    ends=maybe(MOMENT | {"description": "The end of voting, while it is open."}),
    options=listed(OPTION, "In the city's order. Show them in an order drawn by chance for each person."),
    links=members(page=URL, ballot=URL, results=URL),
)
VOTES: Final = members(votes=listed(VOTE), numberReturned=INTEGER)

_CHOICES: Final[Shape] = {
    "type": "object",
    "additionalProperties": INTEGER,
    "description": "By id of an option: 1; with `for_against` 1 or -1; with `points` from 1; with `ranking` the "
    "rank, 1 the best. Options that are left out get nothing.",
}
BALLOT: Final = members(
    cast=YES_OR_NO | {"description": "Whether there is a ballot."},
    choices=_CHOICES,
    changed=maybe(MOMENT | {"description": "When it was stored last."}),
)
NEW_BALLOT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["choices"],
    "properties": {
        "choices": _CHOICES,
        "code": {"type": "string", "description": "The voting code, where the vote needs one."},
    },
    "example": {"choices": {"0198b1f2-7c1a-7a00-8000-5d2f6c0a9b11": 1}},
}
_IDS: Final = listed(ID)
RESULT: Final = members(
    category=TEXT | {"description": "Short name of the category."},
    rule={"type": "string", "enum": Rule.values},
    ballots=integer("Ballots that count, online and on paper; empty ones too."),
    online=INTEGER,
    paper=INTEGER,
    set_aside=integer("Ballots that do not count; see `not_counted`."),
    final=YES_OR_NO | {"description": "Whether voting has ended and the result is stored."},
    counted=MOMENT,
    digest=maybe(TEXT | {"description": "SHA-256 of the stored result."}),
    options=listed(
        members(
            id=ID,
            title=TEXT,
            votes=integer("Ballots for it; of rankings those that rank it."),
            against=integer("Ballots against it."),
            points=integer("Its points; of rankings those of Borda."),
            place=maybe(integer("From 1, shared by what is equal; null for what cannot win any more.")),
            winner=YES_OR_NO,
            withdrawn=YES_OR_NO,
            cost=maybe(integer("In whole euros.")),
        ),
        "In the order of the result.",
    ),
    method=maybe({"type": "string", "enum": Method.values}),
    budget=maybe(integer("The sum in whole euros.")),
    winners=_IDS,
    spent=maybe(integer("What the winners cost, in whole euros.")),
    ties=listed(_IDS, "Options that are equal and of which not all win: a recorded lot decides."),
    people_with_a_win=maybe(integer("Ballots with at least one winner.")),
    not_counted=listed(
        members(**{"from": MOMENT}, until=MOMENT, reason=TEXT, ballots=INTEGER),
        "Spans of time whose ballots do not count, with the reason.",
    ),
)
CODE: Final = OpenApiParameter(
    CODE_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="The voting code, where the vote needs one. Not in the address, which logs would keep.",
)
