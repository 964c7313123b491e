"""When a replica is used: what its lag is measured by, and what it must have replayed."""

import time

import pytest

from geoparticipation.replicas.positions import parse_position
from geoparticipation.replicas.watch import PrimaryNotes, Watch

BOUND = 5.0


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch of two replicas that answer and have replayed everything; it asks nobody."""
    watch = Watch(("replica1", "replica2"), BOUND)
    monkeypatch.setattr(watch, "_begin", lambda: None)
    watch.notes.add(time.monotonic(), 100)
    for replica in watch.replicas.values():
        replica.replayed, replica.answered_at = 100, time.monotonic()
    return watch


@pytest.mark.parametrize(
    ("text", "number"), [("0/0", 0), ("16/B374D848", 0x16B374D848), ("FFFFFFFF/FFFFFFFF", 2**64 - 1)]
)
def test_positions_are_numbers_in_order(text: str, number: int) -> None:
    assert parse_position(text) == number


@pytest.mark.parametrize("text", ["", "16", "g/1", "1/2/3", "123456789/0"])
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        parse_position(text)


def test_lag_counts_from_the_newest_note_that_was_passed() -> None:
    notes = PrimaryNotes()
    for at, position in ((1.0, 10), (2.0, 20), (3.0, 20), (4.0, 30)):
        notes.add(at, position)
    assert [notes.passed_by(replayed) for replayed in (9, 10, 19, 25, 31)] == [None, 1.0, 1.0, 3.0, 4.0]


def test_positions_of_a_new_primary_replace_those_of_the_old_one() -> None:
    notes = PrimaryNotes()
    notes.add(1.0, 100)
    notes.add(2.0, 50)
    assert notes.passed_by(70) == 2.0
    assert notes.passed_by(40) is None


def test_replicas_take_turns(watch: Watch) -> None:
    assert {watch.usable() for _ in range(4)} == {"replica1", "replica2"}


def test_replica_that_lags_more_than_the_bound_is_not_used(watch: Watch) -> None:
    watch.notes = PrimaryNotes()
    watch.notes.add(time.monotonic() - BOUND - 1, 50)
    watch.notes.add(time.monotonic(), 100)
    watch.replicas["replica1"].replayed = 99
    assert {watch.usable() for _ in range(4)} == {"replica2"}
    assert watch.states() == {"replica1": "lags 6 s", "replica2": "ok"}


def test_replica_without_a_primary_to_compare_with_is_not_used(watch: Watch) -> None:
    watch.notes = PrimaryNotes()
    assert watch.usable() is None
    assert watch.states() == {"replica1": "lags", "replica2": "lags"}


def test_replica_must_have_replayed_what_the_reader_wrote(watch: Watch) -> None:
    watch.replicas["replica2"].replayed = 120
    assert {watch.usable(110) for _ in range(4)} == {"replica2"}
    assert watch.usable(121) is None


def test_promoted_replica_is_not_used(watch: Watch) -> None:
    watch.replicas["replica1"].is_standby = False
    assert {watch.usable() for _ in range(4)} == {"replica2"}
    assert watch.states()["replica1"] == "no replica"


def test_replica_that_does_not_answer_is_not_used(watch: Watch) -> None:
    watch.replicas["replica1"].answered_at -= 10
    assert {watch.usable() for _ in range(4)} == {"replica2"}
    assert watch.states()["replica1"] == "unreachable"


def test_replica_that_failed_a_request_rests(watch: Watch) -> None:
    watch.distrust("replica1")
    assert {watch.usable() for _ in range(4)} == {"replica2"}
    watch.distrust("replica2")
    assert watch.usable() is None


def test_without_replicas_there_is_none() -> None:
    assert Watch((), BOUND).usable() is None


def test_lags_are_measured_of_replicas_that_are_gone_as_well(watch: Watch) -> None:
    now = time.monotonic()
    watch.notes = PrimaryNotes()
    watch.notes.add(now - 90, 50)
    watch.notes.add(now, 100)
    watch.replicas["replica1"].replayed = 60
    watch.replicas["replica2"].replayed = 0  # never answered
    lags = watch.lags()
    assert lags["replica1"] >= 90
    assert lags["replica2"] >= 90
    watch.replicas["replica1"].replayed = 100
    assert watch.lags()["replica1"] < lags["replica1"]


def test_lags_are_unknown_before_the_primary_has_answered(watch: Watch) -> None:
    watch.notes = PrimaryNotes()
    assert watch.lags() == {}
