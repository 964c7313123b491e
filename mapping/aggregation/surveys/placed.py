"""Districts and categories of the people who answered a survey, as numbered groups.

Contributions count as on heat maps: those that are published, points in the first district by code, lines and areas in
every district that they touch. People with contributions in several districts or categories stand in each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from mapping.aggregation.columns import fetch_columns, written
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import NOBODY, place_rows
from mapping.aggregation.heatmap.zones import NOWHERE, Districts
from mapping.filters.contribution_filter import PUBLISHED_ONLY
from mapping.geo.crs import LAEA, WGS84
from mapping.geo.grid import Cell, key_sql
from mapping.geo.traversal import GRID_EXTENT
from mapping.models import Campaign, Contribution, Question

Integers = npt.NDArray[np.int64]

NOTHING: Final = ":nothing"
"""The value of people without a published contribution."""
ELSEWHERE: Final = ":elsewhere"
"""The value of people with contributions, or an answer, in none of the districts."""

# Places as GeoJSON points, as `questions.place` stores them.
_PLACED: Final = """
    FROM (
        SELECT id, {column} -> %(slug)s::text -> 'coordinates' AS place FROM mapping_response
        WHERE campaign_id = %(campaign)s AND completed_at IS NOT NULL
    ) AS placed
    WHERE jsonb_typeof(place) = 'array' AND jsonb_typeof(place -> 0) = 'number' AND jsonb_typeof(place -> 1) = 'number'
"""
_EAST, _NORTH = "(place ->> 0)::double precision", "(place ->> 1)::double precision"
_PLACES: Final = f"SELECT array_agg(uuid_send(id)), array_agg({_EAST}), array_agg({_NORTH}) {_PLACED}"
# No part of the grid lies on the southern hemisphere, where the projection has a point that it cannot show.
_IN_SQUARES: Final = f"""
    SELECT array_agg(cell), array_agg(people) FROM (
        SELECT {key_sql("ST_X(at)", "ST_Y(at)")} AS cell, count(*) AS people FROM (
            SELECT CASE WHEN {_NORTH} > 0
                THEN ST_Transform(ST_SetSRID(ST_MakePoint({_EAST}, {_NORTH}), {WGS84}), {LAEA}) END AS at {_PLACED}
        ) AS points
        WHERE ST_X(at) >= 0 AND ST_X(at) < {GRID_EXTENT} AND ST_Y(at) >= 0 AND ST_Y(at) < {GRID_EXTENT}
        GROUP BY cell
    ) AS squares
"""


@dataclass(frozen=True, slots=True)
class Groups:
    """Numbered groups of responses: `members` are the values of each; `keys` and `numbers` are arrays as texts.

    `key` is the column of a response that `keys` name. Responses that are not named are in the group `default`, if any.
    """

    key: Literal["participant_id", "id"]
    keys: str
    numbers: str
    members: tuple[tuple[str, ...], ...]
    default: int | None

    @property
    def type(self) -> str:
        """PostgreSQL's type of a key."""
        return "uuid" if self.key == "id" else "integer"


def categories_of_people(campaign: Campaign, slugs: Mapping[int, str]) -> Groups:
    """The categories (short names) to which people contributed."""
    of_people = Contribution.objects.filter(campaign=campaign, participant__isnull=False)
    pairs = of_people.with_status(PUBLISHED_ONLY).order_by().values_list("participant_id", "category_id")
    statement = "SELECT array_agg(person), array_agg(category) FROM ({rows}) AS pairs (person, category)"
    people, categories = fetch_columns(statement.format(rows=written(pairs.distinct())))
    return _groups(people, categories, slugs, NOTHING)


def districts_of_people(campaign: Campaign) -> Groups:
    """The districts (ids) of people's contributions; `ELSEWHERE` where none of theirs lies in one."""
    places = place_rows(HeatmapQuery(campaign.pk), WGS84)
    districts = Districts.of_campaign(campaign.pk)
    incidence = districts.incidence(places)
    people, ids = places.people[incidence.rows], incidence.keys
    others = np.setdiff1d(places.people, people)
    people, ids = np.concatenate([people, others]), np.concatenate([ids, np.full(len(others), NOWHERE)])
    has_person = people != NOBODY
    values = {pk: str(pk) for pk in districts.ids} | {NOWHERE: ELSEWHERE}
    return _groups(people[has_person], ids[has_person], values, NOTHING)


def districts_of_answers(campaign: Campaign, slug: str, column: str) -> Groups:
    """The district (id) of each answer to a question about a place; people without an answer are in no group."""
    statement = _PLACES.format(column=column)
    keys, longitude, latitude = fetch_columns(statement, {"slug": slug, "campaign": campaign.pk})
    districts = Districts.of_campaign(campaign.pk)
    points = np.column_stack([longitude, latitude]).astype(np.float64)
    found = districts.of_points(points)
    values = (*districts.ids, NOWHERE)
    numbers = {pk: number for number, pk in enumerate(values)}
    return Groups(
        "id",
        _array(key.hex() for key in keys.tolist()),
        _array(numbers[pk] for pk in found.tolist()),
        (*((str(pk),) for pk in districts.ids), (ELSEWHERE,)),
        None,
    )


def squares_of_answers(campaign: Campaign, question: Question) -> list[tuple[Cell, int]]:
    """How many people marked a place in which square of 100 m, as their answer to a question; from south-west on.

    Exact, of complete responses, for staff: callers must check `rules.may_read_responses`.
    """
    statement = _IN_SQUARES.format(column=question.column)
    keys, people = fetch_columns(statement, {"slug": question.slug, "campaign": campaign.pk})
    return [
        (Cell.from_key(key), number)
        for key, number in sorted(zip(keys.tolist(), people.tolist(), strict=True))
    ]


def _groups(people: Integers, values: Integers, names: Mapping[int, str], default: str) -> Groups:
    """Number the combinations of values that people have; the first one is that of nothing at all.

    A combination is a row of bits, one per value, so that numpy compares those of all people at once.
    """
    known = np.array(sorted(names), dtype=np.int64)
    is_known = np.isin(values, known)
    width = max(len(known), 1)
    # Sorted by person, hence the values of each lie side by side.
    pairs = np.unique(people[is_known].astype(np.int64) * width + np.searchsorted(known, values[is_known]))
    columns = pairs % width
    persons, starts, rows = np.unique(pairs // width, return_index=True, return_inverse=True)
    bits = np.zeros((len(persons), (width + 7) // 8), dtype=np.uint8)
    # Each bit is added once, since pairs are unique.
    np.add.at(bits, (rows, columns // 8), (1 << columns % 8).astype(np.uint8))
    whole_rows = bits.view(np.dtype((np.void, bits.shape[1]))).ravel()
    _found, firsts, numbers = np.unique(whole_rows, return_index=True, return_inverse=True)
    named = [names[one] for one in known[columns].tolist()]
    ends = np.append(starts[1:], len(pairs))
    members = [
        tuple(named[start:end])
        for start, end in zip(starts[firsts].tolist(), ends[firsts].tolist(), strict=True)
    ]
    return Groups(
        "participant_id",
        _array(persons.tolist()),
        _array((numbers + 1).tolist()),
        ((default,), *members),
        0,
    )


def _array(values: Iterable[object]) -> str:
    """A literal of PostgreSQL's arrays, of numbers or hexadecimal texts."""
    return "{" + ",".join(map(str, values)) + "}"
