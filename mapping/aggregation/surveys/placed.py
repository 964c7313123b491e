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

from mapping.aggregation.columns import fetch_columns
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.heatmap.rows import NOBODY, place_rows
from mapping.aggregation.heatmap.zones import NOWHERE, Districts
from mapping.geo.crs import WGS84
from mapping.models import Campaign

Integers = npt.NDArray[np.int64]

NOTHING: Final = ":nothing"
"""The value of people without a published contribution."""
ELSEWHERE: Final = ":elsewhere"
"""The value of people with contributions, or an answer, in none of the districts."""

# Places as GeoJSON points, as `questions.place` stores them.
_PLACES: Final = """
    SELECT array_agg(uuid_send(id)), array_agg((place ->> 0)::double precision),
        array_agg((place ->> 1)::double precision)
    FROM (
        SELECT id, {column} -> %(slug)s::text -> 'coordinates' AS place FROM mapping_response
        WHERE campaign_id = %(campaign)s AND completed_at IS NOT NULL
    ) AS placed
    WHERE jsonb_typeof(place) = 'array' AND jsonb_typeof(place -> 0) = 'number' AND jsonb_typeof(place -> 1) = 'number'
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
    places = place_rows(HeatmapQuery(campaign.pk), by="category")
    if places.by is None:
        raise ValueError("Contributions were not read by category.")
    has_person = places.people != NOBODY
    return _groups(places.people[has_person], places.by[has_person], slugs, NOTHING)


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


def _groups(people: Integers, values: Integers, names: Mapping[int, str], default: str) -> Groups:
    """Number the combinations of values that people have."""
    pairs = np.unique(np.column_stack([people, values]), axis=0)
    persons, starts = np.unique(pairs[:, 0], return_index=True)
    combinations = np.split(pairs[:, 1], starts[1:]) if len(persons) else []
    members: dict[tuple[str, ...], int] = {(default,): 0}
    numbers = []
    for combination in combinations:
        named = tuple(names[one] for one in combination.tolist() if one in names) or (default,)
        numbers.append(members.setdefault(named, len(members)))
    return Groups("participant_id", _array(persons.tolist()), _array(numbers), tuple(members), 0)


def _array(values: Iterable[object]) -> str:
    """A literal of PostgreSQL's arrays, of numbers or hexadecimal texts."""
    return "{" + ",".join(map(str, values)) + "}"
