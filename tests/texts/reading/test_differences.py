"""Differences name every word that came and went, and nothing else."""

import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from texts.reading.comparing import Worded, compare
from texts.reading.differences import Piece, differences

WORDS = st.lists(st.sampled_from(["a", "b", "der", "Baum", " ", "\n", "\n\n", ".", "ä"]), max_size=40).map(
    "".join
)


def test_changed_phrase_is_one_change() -> None:
    assert differences("Der alte Baum steht hier.", "Der junge Strauch steht dort.") == [
        Piece("same", "Der "),
        Piece("removed", "alte Baum"),
        Piece("added", "junge Strauch"),
        Piece("same", " steht "),
        Piece("removed", "hier"),
        Piece("added", "dort"),
        Piece("same", "."),
    ]


@given(WORDS, WORDS)
def test_pieces_make_both_wordings(before: str, after: str) -> None:
    found = differences(before, after)
    assert "".join(one.text for one in found if one.kind != "added") == before
    assert "".join(one.text for one in found if one.kind != "removed") == after
    assert all(one.kind != other.kind for one, other in pairwise(found))


def test_long_wordings_are_compared_soon() -> None:
    begun = time.process_time()
    differences("a b " * 5000, "b a " * 5000)
    differences("a\n" * 5000, "b\na\n" * 2500)
    assert time.process_time() - begun < 20


def worded(*sections: tuple[str, str]) -> list[Worded[str]]:
    return [Worded(key, str(number), key, body) for number, (key, body) in enumerate(sections, 1)]


def test_versions_are_compared_section_by_section() -> None:
    before = worded(("a", "1"), ("b", "2"), ("c", "3"), ("d", "4"), ("e", "5"))
    after = worded(("a", "1"), ("d", "4"), ("c", "other"), ("new", "6"), ("e", "5"))
    found = [(one.key, one.state) for one in compare(before, after)]
    assert sorted(found) == [
        ("a", "same"),
        ("b", "gone"),
        ("c", "changed"),
        ("d", "moved"),
        ("e", "same"),
        ("new", "new"),
    ]
    assert [key for key, _state in found][:2] == ["a", "b"], "what is gone stands where it stood"


def test_other_level_alone_is_a_move() -> None:
    before, after = [Worded("a", "1", "A", "x", 1)], [Worded("a", "1", "A", "x", 2)]
    assert [one.state for one in compare(before, after)] == ["moved"]
