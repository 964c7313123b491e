"""Counting by sorting equals counting by sets; columns come out of PostgreSQL as they are in there."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
from django.db import OperationalError, ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.heatmap.counting import count, distinct, totals

LARGEST_KEY = 9_999_999_999
entries = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 7, 4_159_000_000, LARGEST_KEY)) | st.integers(0, LARGEST_KEY),
        st.sampled_from((-1, -1, 0, 3, 2**31 - 1)) | st.integers(-1, 5),
        st.booleans(),
    ),
    max_size=30,
)


@given(entries=entries, has_flags=st.booleans())
def test_counting_by_sorting_is_counting_by_sets(
    entries: list[tuple[int, int, bool]], has_flags: bool
) -> None:
    contributions: dict[int, int] = defaultdict(int)
    people: dict[int, set[int]] = defaultdict(set)
    for key, person, stands in entries:
        contributions[key] += stands or not has_flags
        people[key] |= {person} - {-1}
    keys, persons, flags = (np.array([one[index] for one in entries], dtype=np.int64) for index in range(3))
    found = count(keys, persons, flags.astype(np.bool_) if has_flags else None)
    assert found.keys.tolist() == sorted(contributions)
    assert dict(zip(found.keys.tolist(), found.contributions.tolist(), strict=True)) == contributions
    assert dict(zip(found.keys.tolist(), found.people.tolist(), strict=True)) == {
        key: len(persons) for key, persons in people.items()
    }
    assert distinct(persons) == len({person for _key, person, _stands in entries} - {-1})


def test_sums_leave_out_what_has_no_value() -> None:
    keys = np.array([5, 5, 9, 7], dtype=np.int64)
    sums, numbers = totals(np.array([5, 7, 9], dtype=np.int64), keys, np.array([1.5, np.nan, 2.0, np.nan]))
    assert sums.tolist() == [1.5, 0.0, 2.0]
    assert numbers.tolist() == [1, 0, 1]


@pytest.mark.django_db
def test_columns_come_as_they_are() -> None:
    whole, small, big, real, blobs, nothing = fetch_columns(
        "SELECT array_agg(n), array_agg(n::smallint), array_agg(n::bigint << 40), array_agg(n / 4.0::double precision),"
        " array_agg(convert_to(repeat('x', n), 'UTF8')), array_agg(n) FILTER (WHERE n > %(limit)s::integer)"
        " FROM generate_series(0, 4) AS n",
        {"limit": 9},
    )
    assert whole.tolist() == small.tolist() == [0, 1, 2, 3, 4]
    assert big.tolist() == [n << 40 for n in range(5)]
    assert real.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert blobs.tolist() == [b"", b"x", b"xx", b"xxx", b"xxxx"]
    assert nothing.tolist() == []
    [special] = fetch_columns("SELECT ARRAY['NaN'::float8, 'Infinity', '-0']", {})
    assert math.isnan(special[0])
    assert special[1] == math.inf


@pytest.mark.django_db
def test_columns_refuse_what_they_cannot_read() -> None:
    for array in ("ARRAY[1, NULL]", "ARRAY[[1], [2]]"):
        with pytest.raises(ValueError, match="one dimension"):
            fetch_columns(f"SELECT {array}", {})
    with pytest.raises(ProgrammingError), connection.cursor():
        fetch_columns("SELECT nonsense", {})


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_django_s_error() -> None:
    """So that the API answers 503 rather than 500."""
    connection.ensure_connection()
    connection.connection.close()
    with pytest.raises(OperationalError):
        fetch_columns("SELECT ARRAY[1]", {})
    connection.close()
