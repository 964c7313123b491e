"""The filters of the API as options of commands."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.http import QueryDict
from django.utils.http import urlencode

from mapping.filters.contribution_filter import STATUSES
from mapping.filters.dimensions import DIMENSIONS
from mapping.http.messages import sentence
from mapping.services.errors import Invalid

FILTERS_PAGE = "docs/developers/filters.md"
_ANSWERS = "answers"
_OF_QUESTIONS = {"answer": "answers", "staff-answer": "staff_answers", "response": "responses"}
"""Parameters by the options that name a question and its values."""


def add_filter_options(parser: ArgumentParser, *, for_staff: bool = False) -> None:
    """Add one option for each dimension, and the statuses for staff; with `for_staff` answers that only staff read."""
    if for_staff:
        parser.add_argument(
            "--staff-answer",
            action="append",
            metavar="QUESTION=VALUES",
            help="only these answers to a question of a category that only staff may read (repeatable)",
        )
        parser.add_argument(
            "--response",
            action="append",
            metavar="QUESTION=VALUES",
            help="only of people with these answers to the survey, a comma list (repeatable)",
        )
    for dimension in (one for one in DIMENSIONS if not one.is_for_staff):
        if dimension.name == _ANSWERS:
            parser.add_argument(
                "--answer",
                action="append",
                metavar="QUESTION=VALUES",
                help="only these answers, a comma list (repeatable)",
            )
        else:
            text = dimension.description.replace("`", "").replace("%", "%%")
            parser.add_argument(f"--{dimension.name}", action="append", metavar="VALUES", help=text)
    parser.add_argument(
        "--status",
        action="append",
        metavar="VALUES",
        help=f"for the staff: a comma list of {', '.join(STATUSES)}",
    )


def filter_query(options: Mapping[str, Any]) -> QueryDict:
    """The options as query parameters of the API."""
    pairs = []
    for name in (*(one.name for one in DIMENSIONS), "status"):
        given = options.get(name)
        if given:
            pairs.append((name, given if isinstance(given, str) else ",".join(given)))
    for option, parameter in _OF_QUESTIONS.items():
        for answer in options.get(option.replace("-", "_")) or ():
            question, separator, values = answer.partition("=")
            if not separator:
                raise CommandError(f"Write --{option} QUESTION=VALUES, not {answer}.")
            pairs.append((f"{parameter}[{question}]", values))
    return QueryDict(urlencode(pairs))


def reasons_of(error: Invalid) -> str:
    """Errors of parameters, a line each."""
    return "\n".join(
        f"{name}: {sentence(problem.code, problem.params)}"
        for name, problems in error.fields.items()
        for problem in problems
    )


def filters_in_markdown() -> str:
    """The page `docs/developers/filters.md`: every dimension by its parameter, from its own description."""
    rows = [
        f"| `{name}` | {one.title} | {one.description.replace('|', '&#124;')} |"
        for one in DIMENSIONS
        for name in one.parameters
    ]
    return "\n".join((_HEAD, *rows, _TAIL))


_HEAD = """# Filters

Heat maps, statistics, lists, downloads, background exports, cells and tiles of heat maps, and the commands `export` and
`heatmap_report` take the same filters. All that are given must match. `bin/manage document_filters` writes this page
from the code (`mapping/filters`).

| parameter | what | values |
| --- | --- | --- |"""
_TAIL = """
Analysts of a campaign name a `status` besides. Answers for staff (`staff_answers[slug]`) and to the survey
(`responses[slug]`) filter the heat map, its statistics and reports, for those only who may read responses; lists,
downloads, exports and the OGC API do not know them. Days, weekdays and hours are those of the site's time zone. Heat
maps count whole days; lists and downloads compare moments to the second. A point lies in one district at most, the
first by code where several share a border; a line or area lies in each district that it touches. The planners' pages
name days `start` and `end`, hours `hour_from` and `hour_to`, and ranges of answers `answers[slug][from]` and
`answers[slug][to]`, because forms have one field for each.

A new filter is a class in one of the modules of `mapping/filters`, named in its `DIMENSIONS`, and its line in
`tests/filters/test_dimensions.py`.
"""
