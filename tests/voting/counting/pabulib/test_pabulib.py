"""Files of Pabulib: all kinds, what is tolerated, what is refused and in which line, and the way back."""

import io
from collections.abc import Sequence

import pytest

from voting.counting.pabulib import PabulibError, PabulibFile, PabulibProject
from voting.counting.pabulib.reading import read_pabulib
from voting.counting.pabulib.writing import write_pabulib

GOOD = """META
key;value
description;Budget of the town
budget;100000
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
1;20000;Trees
2;50000;"Playground; with sand"
3;999999999;Withdrawn
VOTES
voter_id;age;sex;vote
a;33;F;1,2
b;;;
c;60;M;3
"""


def read(text: str) -> PabulibFile:
    """A file of a text."""
    return read_pabulib(io.StringIO(text, newline=""))


def changed(old: str, new: str) -> str:
    """The good file with another passage."""
    assert old in GOOD
    return GOOD.replace(old, new)


def test_file_is_read_with_empty_ballots_and_withdrawn_projects() -> None:
    found = read(GOOD)
    assert (found.kind, found.budget) == ("approval", 100_000)
    assert [(one.key, one.name, one.cost) for one in found.projects] == [
        ("1", "Trees", 20_000),
        ("2", "Playground; with sand", 50_000),
        ("3", "Withdrawn", None),
    ]
    assert [one.choices for one in found.ballots] == [{"1": 1, "2": 1}, {}, {"3": 1}]
    assert found.unknown == []


def test_marks_line_ends_spaces_and_case_are_tolerated() -> None:
    text = "\ufeff" + GOOD.replace("\n", "\r\n").replace("META", "meta").replace("VOTES", " Votes ;;")
    assert read(text.replace("1,2", "1, 2")) == read(GOOD)


def test_unknown_keys_are_named() -> None:
    text = changed("rule;greedy", "rule;greedy\nmoon;full").replace("voter_id;age", "voter_id;shoe")
    assert read(text).unknown == ["moon", "shoe"]


@pytest.mark.parametrize(
    ("kind", "votes", "choices"),
    [
        ("ordinal", "voter_id;vote\na;2,1", {"2": 1, "1": 2}),
        ("choose-1", "voter_id;vote\na;2", {"2": 1}),
        ("cumulative", "voter_id;vote;points\na;2,1;5,0", {"2": 5}),
        ("scoring", "voter_id;vote;points\na;2,1;5,3", {"2": 5, "1": 3}),
    ],
)
def test_every_kind_of_ballot_is_read(kind: str, votes: str, choices: dict[str, int]) -> None:
    text = GOOD.replace("approval", kind)
    assert read(text[: text.index("VOTES")] + f"VOTES\n{votes}\n").ballots[0].choices == choices


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (changed("b;;;", "a;;;1"), 15, "voter a"),
        (changed("1,2", "1,1"), 14, "twice"),
        (changed("1,2", "1,9"), 14, "project 9"),
        (GOOD[: GOOD.index("VOTES")], 0, "VOTES"),
        (changed("1;20000;", "1;;"), 9, "cost"),
        (changed("20000", "-5"), 9, "whole number"),
        (changed("20000", "12.5"), 9, "whole number"),
        (changed("20000", "0"), 9, "cost"),
        (changed("20000", "٣"), 9, "whole number"),
        (changed("rule;greedy", "max_sum_cost;60000"), 14, "max_sum_cost"),
        (changed("budget;100000\n", ""), 6, "budget"),
        (changed("approval", "telepathy"), 7, "vote_type"),
        (changed("project_id;cost", "project_id;price"), 8, "cost"),
        (changed("2;50000", "1;50000"), 10, "second time"),
        (changed("VOTES", "PROJECTS"), 12, "second time"),
        ("PROJECTS\n", 1, "order"),
        ("1;2;3\n", 1, "META"),
        ("", 0, "VOTES"),
        (changed("approval", "choose-1"), 14, "more than one"),
        (changed("approval", "scoring"), 13, "points"),
        (changed("a;33", ";33"), 14, "voter_id"),
    ],
    ids=range(21),
)
def test_what_would_be_counted_wrongly_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(PabulibError, match=words) as refused:
        read(text)
    assert refused.value.line == line


def test_points_must_fit_the_projects() -> None:
    text = GOOD.replace("approval", "cumulative")
    text = text[: text.index("VOTES")] + "VOTES\nvoter_id;vote;points\na;1,2;"
    for points in ("5", "5,x", "5,-1", "5,1001", "5,99999999999999999999"):
        with pytest.raises(PabulibError, match="points"):
            read(text + points)


def test_what_is_written_is_read_again() -> None:
    projects = [PabulibProject("1", "Trees; old", 5, selected=True), PabulibProject("2", "=1+1", None)]
    ballots: Sequence[dict[str, int]] = [{"1": 2, "2": 3}, {}, {"2": 1}]
    meta = {"description": "A", "budget": 9, "vote_type": "cumulative"}
    lines = list(write_pabulib("cumulative", meta, projects, {"1": 2, "2": 4}, ballots))
    found = read("".join(lines))
    assert [one.choices for one in found.ballots] == ballots
    assert [(one.name, one.cost, one.selected) for one in found.projects] == [
        ("Trees; old", 5, True),
        ("'=1+1", None, False),
    ]
    assert "age" not in "".join(lines)


def test_ranks_are_written_in_their_order() -> None:
    lines = list(write_pabulib("ordinal", {"budget": 1, "vote_type": "ordinal"}, [], {}, [{"b": 1, "a": 2}]))
    assert lines[-1] == "1;b,a\n"
