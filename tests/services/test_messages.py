"""Every reason to refuse has one plain sentence."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from mapping.geo import errors as geo_errors
from mapping.http import messages as interface_messages
from mapping.imports import messages as import_messages
from mapping.services.messages import SENTENCES, enter_sentences, sentence

_RAISED = re.compile(
    r"(?:\w*Problem|NotAllowed|Conflict|_Refused|\.add|invalid)\(\s*(?:\"[\w.]+\",\s*)?\"([a-z_]+)\"|"
    r"invalid\(\s*(?:name|\"[a-z]+\"),\s*\"([a-z_]+)\""
)
OF_ROWS = {name.partition(".")[2] for name in import_messages._ROWS} | set(import_messages._FILES)
"""Codes of files and their rows, which have sentences of their own."""
_PARAM = re.compile(r"%\((\w+)\)s")


OWN_BUSINESS = {"tables.py", "importing.py", "ical.py", "zones.py"}
"""A report for operators, with its own words; properties of iCalendar, which are added by their names."""


def codes_in(folder: str) -> set[str]:
    """Codes that stand in the source beside the names of our errors."""
    files = (
        path for path in (Path(settings.BASE_DIR) / folder).rglob("*.py") if path.name not in OWN_BUSINESS
    )
    return {match[1] or match[2] for path in files for match in _RAISED.finditer(path.read_text())}


def test_codes_are_found_in_the_source() -> None:
    assert {"required", "id_taken", "photo_damaged", "not_a_choice", "campaign_closed"} <= codes_in(
        "mapping/services"
    )


@pytest.mark.parametrize(
    "folder",
    [
        "mapping/services",
        "mapping/geo",
        "mapping/aggregation",
        "mapping/web",
        "engagement",
        "texts",
        "voting",
    ],
)
def test_every_code_has_a_sentence(folder: str) -> None:
    # Interfaces for machines are rooms of apps above, too; of mapping they are none of these folders.
    of_interfaces = set() if folder.startswith("mapping") else set(interface_messages._SENTENCES)
    assert sorted(codes_in(folder) - set(SENTENCES) - OF_ROWS - of_interfaces) == []


def test_every_code_of_the_geometry_floor_has_a_sentence() -> None:
    assert sorted(set(geo_errors._SENTENCES) - set(SENTENCES)) == []


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_sentences_are_sentences(code: str) -> None:
    with translation.override("en"):
        template = str(SENTENCES[code])
        if template == "%(message)s":
            return  # the sentence is made where the fault is found
        assert template[0].isupper()
        assert template[-1] in ".!" or template.endswith("%(message)s")
        filled = sentence(code, dict.fromkeys(_PARAM.findall(template), 7))
        assert "%" not in filled
        assert "?" not in filled


def test_code_has_one_sentence() -> None:
    enter_sentences({"required": SENTENCES["required"]})
    with pytest.raises(ValueError, match="required"):
        enter_sentences({"required": "Another one."})


@pytest.mark.parametrize("code", ["", "nonsense", "%(x)s", "\x00"])
def test_unknown_code_still_gets_a_sentence(code: str) -> None:
    with translation.override("en"):
        assert sentence(code, {"x": 1}) == "This could not be accepted. Please check it and try again."


def test_missing_or_hostile_values_do_not_spoil_a_sentence() -> None:
    with translation.override("en"):
        assert sentence("too_long") == "This is too long. At most ? characters are possible."
        assert "%(x)s" in sentence("missing", {"member": "%(x)s %d"})


@pytest.mark.parametrize(
    ("language", "written"), [("de", "24. Dezember 2026, 18:05"), ("en", "Dec. 24, 2026, 6:05 p.m.")]
)
def test_dates_are_written_as_people_write_them(language: str, written: str) -> None:
    moment = datetime(2026, 12, 24, 17, 5, tzinfo=UTC)
    with translation.override(language):
        assert written in sentence("campaign_closed", {"closes_at": moment})
        assert "2026" in sentence("campaign_closed", {"closes_at": date(2026, 12, 24)})


def test_numbers_are_written_as_people_write_them() -> None:
    with translation.override("de"):
        assert "7,5" in sentence("out_of_range_answer", {"minimum": 7.5, "maximum": 10})
