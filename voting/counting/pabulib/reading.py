"""Reading `.pb` files: tolerant of byte-order marks, line ends, spaces and case, strict in what is counted."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from voting.counting.pabulib import (
    KINDS,
    WITHDRAWN_COST,
    Kind,
    PabulibBallot,
    PabulibError,
    PabulibFile,
    PabulibProject,
)

MOST_ROWS: Final = 1_000_000
MOST_POINTS: Final = 1000
_PARTS: Final = ("META", "PROJECTS", "VOTES")
_META: Final = frozenset(
    {
        *("description", "country", "unit", "subunit", "instance", "district", "num_projects", "num_votes"),
        *("budget", "vote_type", "rule", "date_begin", "date_end", "language", "edition", "currency"),
        *("min_length", "max_length", "min_sum_cost", "max_sum_cost", "scoring_fn", "default_score"),
        *("min_points", "max_points", "min_sum_points", "max_sum_points", "comment", "fully_funded"),
        *("budget_per_category", "budget_per_neighborhood", "budget_per_subunit", "acknowledgments"),
    }
)
_PROJECT: Final = frozenset(
    {
        *("project_id", "cost", "votes", "score", "name", "category", "target", "selected", "subunit"),
        *("neighborhood", "description", "proposer", "public_id"),
    }
)
_VOTE: Final = frozenset(
    {"voter_id", "vote", "points", "age", "sex", "voting_method", "neighborhood", "district", "education"}
)


@dataclass
class _Reader:
    """What was read so far."""

    meta: dict[str, str] = field(default_factory=dict)
    projects: dict[str, PabulibProject] = field(default_factory=dict)
    ballots: list[PabulibBallot] = field(default_factory=list)
    voters: set[str] = field(default_factory=set)
    unknown: dict[str, None] = field(default_factory=dict)
    kind: Kind = "approval"
    budget: int = 0
    most_sum: int | None = None


def read_pabulib(lines: Iterable[str]) -> PabulibFile:
    """Read a file's lines. Raises PabulibError with the line for whatever would be counted wrongly."""
    reader = _Reader()
    part = ""
    header: list[str] | None = None
    seen: list[str] = []
    for number, row in _rows(lines):
        if len(row) == 1 and row[0].upper() in _PARTS:
            part, header = row[0].upper(), None
            _begin(reader, part, seen, number)
        elif not part:
            raise PabulibError(number, "The file must begin with META.")
        elif header is None:
            header = [one.lower() for one in row]
            _check_header(reader, part, header, number)
        elif part == "META":
            reader.meta.setdefault(row[0].lower(), row[1] if len(row) > 1 else "")
        else:
            cells = dict(zip(header, row, strict=False))
            (_read_project if part == "PROJECTS" else _read_ballot)(reader, cells, number)
    if "VOTES" not in seen:
        raise PabulibError(0, "The file has no part VOTES.")
    if not reader.projects:
        raise PabulibError(0, "The file has no projects.")
    return PabulibFile(
        reader.kind,
        reader.budget,
        reader.meta,
        list(reader.projects.values()),
        reader.ballots,
        list(reader.unknown),
    )


def _begin(reader: _Reader, part: str, seen: list[str], line: int) -> None:
    """Begin a part; each comes once, in their order."""
    if part in seen:
        raise PabulibError(line, f"The part {part} comes a second time.")
    if seen != list(_PARTS[: _PARTS.index(part)]):
        raise PabulibError(line, "The parts must be META, PROJECTS and VOTES, in this order.")
    seen.append(part)
    if part == "PROJECTS":
        _check_meta(reader, line)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Rows with something in them, their cells stripped, with the number of the line where each ends."""
    rows = csv.reader(lines, delimiter=";", quotechar='"')
    try:
        for count, row in enumerate(rows):
            if count > MOST_ROWS:
                raise PabulibError(rows.line_num, f"The file has more than {MOST_ROWS:,} rows.")
            cells = [cell.strip().strip("\ufeff").strip() for cell in row]
            if any(cells):
                while not cells[-1]:
                    cells.pop()
                yield rows.line_num, cells
    except csv.Error as problem:
        raise PabulibError(rows.line_num, f"This is no line of a table: {problem}.") from problem


def _check_header(reader: _Reader, part: str, header: Sequence[str], line: int) -> None:
    if part == "PROJECTS":
        _require(header, ("project_id", "cost"), line)
        known = _PROJECT
    elif part == "VOTES":
        _require(header, ("voter_id", "vote"), line)
        if reader.kind in {"cumulative", "scoring"}:
            _require(header, ("points",), line)
        known = _VOTE
    else:
        return
    reader.unknown.update(dict.fromkeys(one for one in header if one and one not in known))


def _require(header: Sequence[str], columns: Sequence[str], line: int) -> None:
    for one in columns:
        if one not in header:
            raise PabulibError(line, f"The column {one} is missing.")


def _check_meta(reader: _Reader, line: int) -> None:
    """Read what later parts depend on."""
    meta = reader.meta
    reader.unknown.update(dict.fromkeys(one for one in meta if one not in _META))
    kind = meta.get("vote_type", "").lower()
    if kind not in KINDS:
        raise PabulibError(line, f"The vote_type must be one of {', '.join(KINDS)}.")
    reader.kind = kind
    if "budget" not in meta:
        raise PabulibError(line, "META has no budget.")
    reader.budget = _whole(meta["budget"], "budget", line)
    if meta.get("max_sum_cost"):
        reader.most_sum = _whole(meta["max_sum_cost"], "max_sum_cost", line)


def _read_project(reader: _Reader, cells: Mapping[str, str], line: int) -> None:
    key = cells.get("project_id", "")
    if not key:
        raise PabulibError(line, "A project has no project_id.")
    if key in reader.projects:
        raise PabulibError(line, f"The project {key} comes a second time.")
    if not cells.get("cost"):
        raise PabulibError(line, f"The project {key} has no cost.")
    cost = _whole(cells["cost"], "cost", line)
    if cost > WITHDRAWN_COST or cost == 0:
        raise PabulibError(line, f"The cost of the project {key} must be from 1 to 999,999,998.")
    selected = cells.get("selected", "")
    reader.projects[key] = PabulibProject(
        key,
        cells.get("name") or key,
        None if cost == WITHDRAWN_COST else cost,
        selected not in {"0", ""} if selected else None,
    )


def _read_ballot(reader: _Reader, cells: Mapping[str, str], line: int) -> None:
    voter = cells.get("voter_id", "")
    if not voter:
        raise PabulibError(line, "A ballot has no voter_id.")
    if voter in reader.voters:
        raise PabulibError(line, f"The voter {voter} comes a second time.")
    reader.voters.add(voter)
    chosen = [one for cell in cells.get("vote", "").split(",") if (one := cell.strip())]
    for one in chosen:
        if one not in reader.projects:
            raise PabulibError(line, f"The project {one} is not among the PROJECTS.")
    if len(set(chosen)) < len(chosen):
        raise PabulibError(line, "A ballot names a project twice.")
    if reader.kind == "choose-1" and len(chosen) > 1:
        raise PabulibError(line, "A ballot of choose-1 names more than one project.")
    if reader.most_sum is not None:
        spent = sum(reader.projects[one].cost or 0 for one in chosen)
        if spent > reader.most_sum:
            raise PabulibError(line, f"The ballot costs {spent}, more than max_sum_cost ({reader.most_sum}).")
    district = cells.get("neighborhood") or cells.get("district") or ""
    reader.ballots.append(PabulibBallot(_choices(reader.kind, chosen, cells, line), district))


def _choices(kind: Kind, chosen: Sequence[str], cells: Mapping[str, str], line: int) -> dict[str, int]:
    """What a ballot gives the projects; nothing where it gives no points."""
    if kind == "ordinal":
        return {one: rank for rank, one in enumerate(chosen, start=1)}
    if kind in {"approval", "choose-1"}:
        return dict.fromkeys(chosen, 1)
    points = [
        _whole(one.strip(), "points", line) for one in cells.get("points", "").split(",") if one.strip()
    ]
    if len(points) != len(chosen):
        raise PabulibError(line, "A ballot must have as many points as projects.")
    if any(one > MOST_POINTS for one in points):
        raise PabulibError(line, f"A ballot gives more than {MOST_POINTS} points.")
    return {one: number for one, number in zip(chosen, points, strict=True) if number}


def _whole(text: str, what: str, line: int) -> int:
    """A whole number, also as 1200.00 or 1200,00."""
    whole, _, rest = text.replace(",", ".").partition(".")
    if not (whole.isascii() and whole.isdecimal() and len(whole) <= 12) or rest.strip("0"):
        raise PabulibError(line, f"The {what} must be a whole number, not {text[:40]!r}.")
    return int(whole)
