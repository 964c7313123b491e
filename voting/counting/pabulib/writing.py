"""Writing `.pb` files: nothing of persons is in them but what they chose; ballots are numbered as they come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from voting.counting.pabulib import WITHDRAWN_COST, Kind, PabulibProject


def write_pabulib(
    kind: Kind,
    meta: Mapping[str, object],
    projects: Sequence[PabulibProject],
    votes: Mapping[str, int],
    ballots: Iterable[Mapping[str, int]],
) -> Iterator[str]:
    """Lines of a file. `votes` are votes or points by project; callers must shuffle the ballots."""
    yield from ("META\n", _line("key", "value"))
    for key, value in meta.items():
        yield _line(key, value)
    total = "votes" if kind in {"approval", "choose-1"} else "score"
    yield from ("PROJECTS\n", _line("project_id", "cost", total, "name", "selected"))
    for one in projects:
        cost = WITHDRAWN_COST if one.cost is None else one.cost
        yield _line(one.key, cost, votes.get(one.key, 0), one.name, int(bool(one.selected)))
    has_points = kind in {"cumulative", "scoring"}
    yield "VOTES\n"
    yield _line("voter_id", "vote", "points") if has_points else _line("voter_id", "vote")
    for number, choices in enumerate(ballots, start=1):
        # The best first: by rank where ballots are ordered, by points where they have some.
        ordered = sorted(choices.items(), key=lambda one: (-one[1] if has_points else one[1], one[0]))
        cells = [",".join(key for key, _ in ordered)]
        if has_points:
            cells.append(",".join(str(value) for _, value in ordered))
        yield _line(number, *cells)


def _line(*cells: object) -> str:
    """One row; a name that a spreadsheet would compute gets an apostrophe in front."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerow([_plain(cell) for cell in cells])
    return out.getvalue()


def _plain(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
