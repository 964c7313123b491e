"""Stores the ground: in one transaction, so that maps have the old one until the new one is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import shapely
from django.db import connections, router, transaction

from mapping.geo.ground import LABEL, SRID
from mapping.imports.ground.shaping import NewFeature, single_labels
from mapping.imports.problems import TableProblem
from mapping.models import GroundFeature, GroundSource

MOST_FEATURES: Final = 2_000_000
"""Most features of one import: a city has 100,000, a land has more than its maps need."""

_COPY: Final = """
    COPY mapping_groundfeature (source_id, layer, kind, name, from_zoom, rank, is_tunnel, geom) FROM STDIN
"""
# One import after the other; maps go on reading.
_ONE_AT_A_TIME: Final = "LOCK TABLE mapping_groundsource IN SHARE ROW EXCLUSIVE MODE"


@dataclass(frozen=True, slots=True)
class NewSource:
    """A file by name, the attribution of its data, and its features in batches."""

    name: str
    attribution: str
    batches: Iterable[list[NewFeature]]


def store_ground(sources: Iterable[NewSource], *, replace: bool = False) -> int:
    """Store files of the ground, each in place of the one of the same name; return the number of features.

    With `replace`, nothing of the ground before stays. Raises TableProblem where the files hold nothing that is drawn,
    or more than `MOST_FEATURES`, and whatever reading them raises: then the ground is as it was.
    """
    connection: Any = connections[router.db_for_write(GroundFeature)]
    stored = 0
    labels: list[tuple[int, NewFeature]] = []
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        if replace:
            GroundSource.objects.all().delete()
        for source in sources:
            GroundSource.objects.filter(name=source.name).delete()
            made = GroundSource.objects.create(name=source.name, attribution=source.attribution)
            with cursor.copy(_COPY) as copy:
                for feature in _limited(source.batches, stored):
                    if feature.layer == LABEL:
                        labels.append((made.pk, feature))
                    else:
                        copy.write_row(_row(made.pk, feature))
                    stored += 1
        kept = single_labels(labels)
        with cursor.copy(_COPY) as copy:
            for pk, feature in kept:
                copy.write_row(_row(pk, feature))
        stored += len(kept) - len(labels)
        if not stored:
            raise TableProblem("Nothing in it is drawn on the ground.", "file_without_rows")
    with connection.cursor() as cursor:
        # Without statistics of the new rows tiles would be read by the wrong index.
        cursor.execute("ANALYZE mapping_groundsource, mapping_groundfeature")
    return stored


def count_ground(sources: Iterable[NewSource]) -> int:
    """As `store_ground`, but nothing is stored."""
    stored = 0
    labels: list[tuple[int, NewFeature]] = []
    for number, source in enumerate(sources):
        for feature in _limited(source.batches, stored):
            stored += 1
            if feature.layer == LABEL:
                labels.append((number, feature))
    return stored + len(single_labels(labels)) - len(labels)


def watched(
    batches: Iterable[list[NewFeature]], progress: Callable[[], object]
) -> Iterator[list[NewFeature]]:
    """The same batches; `progress` is called after each."""
    for batch in batches:
        yield batch
        progress()


def _limited(batches: Iterable[list[NewFeature]], before: int) -> Iterator[NewFeature]:
    for batch in batches:
        before += len(batch)
        if before > MOST_FEATURES:
            raise TableProblem(
                f"More than {MOST_FEATURES:,} features would be drawn; keep those around the city with --box."
            )
        yield from batch


def _row(source: int, feature: NewFeature) -> tuple[object, ...]:
    shape = shapely.to_wkb(shapely.set_srid(feature.geometry, SRID), hex=True, include_srid=True)
    return (
        source,
        feature.layer,
        feature.kind,
        feature.name,
        feature.from_zoom,
        feature.rank,
        feature.is_tunnel,
        shape,
    )
