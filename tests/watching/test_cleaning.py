"""What people wrote, who they are and where they come from reaches neither logs nor error reports."""

import io
import json
import logging
import re
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.http import urlencode

from geoparticipation.logs import JsonLines, PlainLines, WithoutPrivateLinks
from geoparticipation.watching.cleaning import cleaned, cleaned_traceback
from mapping.models import Campaign
from tests.walk import routes

FORMATS = [JsonLines(), PlainLines("{asctime} {levelname} {name}: {message}", style="{")]


def logged(formatter: logging.Formatter, message: str, *arguments: object, **more: Any) -> str:
    """What a handler with a formatter writes."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter)
    handler.addFilter(WithoutPrivateLinks())
    logger = logging.getLogger("tests.watching")
    logger.addHandler(handler)
    try:
        logger.error(message, *arguments, **more)
    finally:
        logger.removeHandler(handler)
    return written.getvalue()


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("mail to anna.b+x@example.org failed", "mail to … failed"),
        ("from 203.0.113.9, refused", "from …, refused"),
        ("from 2001:db8::1:2 refused", "from … refused"),
        ("at [2001:db8:0:1:2:3:4:5]:443", "at […]:443"),
        ("GET /ogc/key/abcDEF/collections", "GET /ogc/key/…/collections"),
        ("Authorization: Bearer gp_abc", "Authorization: Bearer …"),
        ("from 203.0.113.7:51234, refused", "from …:51234, refused"),
        ("peer:203.0.113.7 closed", "peer:… closed"),
        ("Authorization: Basic YWRhOnB3", "Authorization: Basic …"),
        (
            "smtp://ada:pw@mail.example/x and redis://:p@w@cache",
            "smtp://…@mail.example/x and redis://…@cache",
        ),
        ("GET /back/?code=abc&state=d-e&x=1", "GET /back/?code=…&state=…&x=1"),
        ("next=%2Fback%3Fx%3D1%26code%3Dabc", "next=%2Fback%3Fx%3D1%26code%3D…"),
        ("/back/?SAMLResponse=PHNhbWw+", "/back/?SAMLResponse=…"),
        ("token gp_0123456789abcdefghijkl", "token …"),
    ],
)
def test_personal_data_and_secrets_are_cut_out(text: str, clean: str) -> None:
    assert cleaned(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "took from 12:30:45 to 12:30:46",
        'connection to server at "127.0.0.1", port 5432 failed',
        "std::string and version 3.11.7",
        "listening on [::]:8000",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert cleaned(text) == text


OPENING = re.compile(r"<str:(?:token|key|secret|confirming|ending|mine)>")
"""Parameters of routes that open what is not public."""


def test_no_route_brings_a_secret_into_a_log() -> None:
    """A new kind of private link must be cut out, too (and by the proxies of `deploy`)."""
    found = [route for route in routes() if OPENING.search(route) and ".<str:ending>" not in route]
    assert len(found) > 30
    for route in found:
        address = re.sub(r"<[^<>]+>", "x", OPENING.sub("tok-EN_7", route))
        for text in (f"Not Found: /{address}", f"/?{urlencode({'next': f'/{address}'})}"):
            assert "tok-EN" not in cleaned(text), route


def test_values_of_a_refused_row_are_cut_out(campaign: Campaign) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Campaign.objects.create(title="I live in Elm Street 5\n\nDo not tell", slug=campaign.slug)
    said = str(refused.value)
    assert "DETAIL" in said
    assert "DETAIL: …" in cleaned(said)
    assert campaign.slug not in cleaned(said)


def test_a_refused_row_of_several_lines_ends_before_the_next_exception() -> None:
    text = "Error: no\nDETAIL:  Failing row contains (1, Dark\n\nElm Street 5).\n\nThe above exception was\nHINT: x"
    assert cleaned(text) == "Error: no\nDETAIL: …\nThe above exception was\nHINT: x"


def test_places_in_code_stay_in_a_traceback() -> None:
    place = '  File "/srv/site/mapping/web/mine/pages.py", line 3, in page'
    said = cleaned_traceback(f"Traceback:\n{place}\n    look('/mine/secret/')\nValueError: /mine/secret/")
    assert said == f"Traceback:\n{place}\n    look('/mine/…/')\nValueError: /mine/…/"


@pytest.mark.parametrize("formatter", FORMATS)
def test_nothing_personal_is_left_in_any_part_of_a_line(formatter: logging.Formatter) -> None:
    try:
        int("anna@example.org at /mine/tok-EN1/ from 203.0.113.9")
    except ValueError:
        line = logged(
            formatter,
            "%s failed for %s",
            "/response/tok-EN2/",
            "bob@example.org",
            exc_info=True,
            stack_info=True,
            extra={"view": "/ogc/key/tok-EN3/x", "request": "carl@example.org", "status": 500},
        )
    assert "/response/…/ failed for …" in line
    assert "… at /mine/…/ from …'" in line
    for secret in ("tok-EN", "@example.org", "carl", "203.0.113.9"):
        assert secret not in line


def test_json_lines_are_json_with_an_offset() -> None:
    line = logged(JsonLines(), 'It\'s "%s"', "ö\n", extra={"status": 200, "ms": 1.5, "other": "no"})
    told = json.loads(line)
    assert "\n" not in line.rstrip("\n")
    assert told.pop("message") == 'It\'s "ö\n"'
    assert datetime.fromisoformat(told.pop("time")).utcoffset() is not None
    told.pop("request_id", None)  # of the thread's last request
    assert told == {"level": "ERROR", "logger": "tests.watching", "status": 200, "ms": 1.5}
