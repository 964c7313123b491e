"""A survey with a question of every kind, odd titles and values, and responses to it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from mapping.exports.responses.formats import Order, responses_format, write_responses
from mapping.models import Audience, Campaign, Response
from tests import personas
from tests.api.conftest import campaign_url
from tests.surveys.world import ask

ARABIC = {"value": "نعم", "title": "نعم، بالتأكيد"}
EMOJI = {"value": "🚲", "title": "Rad 🚲 & mehr; „schön“"}
ODD = {"value": "a b/c", "title": '=HYPERLINK("x")'}
OTHER = {"value": "other", "title": "Anderes", "other": True}
WAYS = [ARABIC, EMOJI, OTHER, ODD]
ROWS = [{"value": "safe", "title": "Sicher"}, {"value": "quiet", "title": "Leise"}]
LONG_TITLE = "ä" * 200
SENT = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
"""In Germany it is the first of June already."""


def survey_of_every_kind(campaign: Campaign) -> None:
    """The questions, in order."""
    ask(campaign, "intro", "note", title="Willkommen")
    ask(campaign, "text", "text", title='Was "fehlt"; hier?\u200f', help_text="Kurz, bitte")
    ask(campaign, "long", "long_text", title=LONG_TITLE)
    ask(campaign, "way", "single_choice", options={"choices": WAYS})
    ask(campaign, "ways", "multiple_choice", options={"choices": WAYS})
    ask(campaign, "scale", "scale", options=personas.QUESTION_OPTIONS["scale"])
    ask(campaign, "number", "number", options={"unit": "min"})
    ask(campaign, "all", "yes_no", title="Same")
    ask(campaign, "time", "time_of_day", title="Same")
    ask(campaign, "day", "date", options={})
    ask(campaign, "part", "part_of_day")
    ask(campaign, "picture", "picture_choice")
    ask(campaign, "rank", "ranking", options={"choices": [ARABIC, EMOJI]})
    ask(campaign, "matrix", "matrix", options={"rows": ROWS, "choices": [ARABIC, EMOJI]})
    ask(campaign, "where", "place")
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)


COMPLETE: dict[str, Any] = {
    "text": "=1+1 'quoted', \"double\" and äöü 🌳",
    "long": "Zeile 1\nZeile 2; " + "€" * 400,
    "way": "other",
    "way:other": "@lila",
    "ways": ["نعم", "other"],
    "ways:other": "Roller",
    "scale": 5,
    "number": 12.5,
    "all": True,
    "time": "22:05",
    "day": "2026-02-28",
    "part": "evening",
    "picture": "night",
    "rank": ["🚲", "نعم"],
    "matrix": {"safe": "🚲"},
    "where": {"type": "Point", "coordinates": [7.7689, 49.4447]},
    "age": 41,
}

IDS = [UUID(int=number + 1) for number in range(4)]


def respond_to_every_kind(campaign: Campaign) -> list[Response]:
    """One full response, an empty one, one on paper, and a draft that files leave out."""
    paper = {"way": "a b/c", "ways": ["🚲"], "all": False, "rank": ["نعم"], "number": -3, "scale": 1}
    rows = [
        Response(answers=dict(COMPLETE)),
        Response(answers={}),
        Response(answers=paper, source="paper", batch="-Rathaus 1"),
        Response(answers={"text": "DRAFT"}, completed_at=None),
    ]
    for pk, row in zip(IDS, rows, strict=True):
        row.pk, row.campaign, row.created_at = pk, campaign, SENT
        row.completed_at = None if row.answers.get("text") == "DRAFT" else SENT
        row.save(force_insert=True)
    return rows[:3]


NAMES = [
    *("id", "source", "batch", "created", "completed"),
    *("answer_text", "long", "way", "way__other_text"),
    *("ways__نعم", "ways__x", "ways__other", "ways__other_text", "ways__a_b_c"),
    *("scale", "number", "all", "time", "day", "part", "picture"),
    *("rank__نعم", "rank__x", "matrix__safe", "matrix__quiet", "where__lon", "where__lat", "age"),
    "further_answers",
]
"""The columns, in order."""

FULL: dict[str, Any] = {
    "id": str(IDS[0]),
    "source": "online",
    "batch": None,
    "created": "2026-06-01",
    "completed": "2026-06-01",
    "answer_text": COMPLETE["text"],
    "long": COMPLETE["long"],
    "way": "other",
    "way__other_text": "@lila",
    "ways__نعم": 1,
    "ways__x": 0,
    "ways__other": 1,
    "ways__other_text": "Roller",
    "ways__a_b_c": 0,
    "scale": 5,
    "number": 12.5,
    "all": True,
    "time": "22:05",
    "day": "2026-02-28",
    "part": "evening",
    "picture": "night",
    "rank__نعم": 2,
    "rank__x": 1,
    "matrix__safe": "🚲",
    "matrix__quiet": None,
    "where__lon": 7.7689,
    "where__lat": 49.4447,
    "age": 41,
    "further_answers": None,
}
EMPTY: dict[str, Any] = dict.fromkeys(NAMES) | {
    "id": str(IDS[1]),
    "source": "online",
    "created": "2026-06-01",
    "completed": "2026-06-01",
}
PAPER: dict[str, Any] = EMPTY | {
    "id": str(IDS[2]),
    "source": "paper",
    "batch": "-Rathaus 1",
    "way": "a b/c",
    "ways__نعم": 0,
    "ways__x": 1,
    "ways__other": 0,
    "ways__a_b_c": 0,
    "scale": 1,
    "number": -3,
    "all": False,
    "rank__نعم": 1,
}
ROWS_AS_READ = [FULL, EMPTY, PAPER]
"""The cells of all files, by column; days and times as texts."""


def url(ending: str) -> str:
    """The address of a file."""
    return campaign_url("fear-spaces", f"responses/download.{ending}")


def written(campaign: Campaign, ending: str, path: Path, labels: Any = "codes") -> Path:
    """The file of a format, written below a folder."""
    wanted = responses_format(ending)
    assert wanted is not None
    file = path / f"responses.{ending}"
    write_responses(wanted, Order(campaign, labels, "http://x.example/"), file)
    return file
