"""Exact places, made as coarse as the 100 m cells of the European grid (EPSG:3035).

A point moves to the centre of its cell; lines and areas keep the centres of the cells of their corners, and become a
point where nothing is left of their shape. Heat maps count points as before, and shapes in the cells of their coarse
form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import connections, router
from django.db.models import BooleanField, Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mapping.aggregation import footprint
from mapping.geo.grid import BASE_SIZE
from mapping.models import Campaign, Contribution, QuestionKind, Response, RetentionSubject
from mapping.services.retained.answers import AS_COARSE, changed_answers
from mapping.services.retained.parts import Part
from mapping.services.retained.texts import given

_KINDS: Final = (QuestionKind.PLACE,)
_HALF: Final = BASE_SIZE / 2
_CELL: Final = (
    "ST_SetSRID(ST_MakePoint(floor(ST_X({point}) / {size}) * {size} + {half},"
    " floor(ST_Y({point}) / {size}) * {size} + {half}), 3035)"
)
_COARSEN: Final = f"""
    WITH snapped AS (
        SELECT id, geom_laea, GeometryType(geom_laea) AS kind,
            ST_SnapToGrid(geom_laea, {_HALF}, {_HALF}, {BASE_SIZE}, {BASE_SIZE}) AS shape,
            CASE GeometryType(geom_laea) WHEN 'POINT' THEN geom_laea ELSE ST_PointOnSurface(geom_laea) END AS middle
        FROM mapping_contribution WHERE id = ANY(%(ids)s) AND geom_laea IS NOT NULL
    ), coarse AS (
        SELECT id, CASE
            WHEN kind <> 'POINT' AND NOT coalesce(ST_IsEmpty(shape), true) AND GeometryType(shape) = kind
                AND ST_IsValid(shape) AND ST_NPoints(shape) > 1 THEN shape
            ELSE {_CELL.format(point="middle", size=BASE_SIZE, half=_HALF)} END AS shape
        FROM snapped
    )
    UPDATE mapping_contribution AS stored
    SET geom = ST_Transform(coarse.shape, 4326), fingerprint = '', updated_at = now()
    FROM coarse WHERE coarse.id = stored.id
"""  # noqa: S608 - constants


class _IsExact(Func):
    """Whether any position of a place lies more than half a metre from the centre of its cell."""

    template = (
        "EXISTS (SELECT FROM ST_DumpPoints(%(expressions)s) AS corner WHERE"
        f" abs(ST_X(corner.geom) - floor(ST_X(corner.geom) / {BASE_SIZE}) * {BASE_SIZE} - {_HALF}) > 0.5"
        f" OR abs(ST_Y(corner.geom) - floor(ST_Y(corner.geom) / {BASE_SIZE}) * {BASE_SIZE} - {_HALF}) > 0.5)"
    )
    output_field: Any = BooleanField()


def _places(campaign: Campaign) -> QuerySet[Contribution]:
    return given(campaign).filter(Q(geom__isnull=False), _IsExact("geom_laea"))


def _coarsen(_campaign: Campaign, keys: Sequence[Any]) -> None:
    with connections[router.db_for_write(Contribution)].cursor() as cursor:
        cursor.execute(_COARSEN, {"ids": list(keys)})
    footprint.write_many(keys)


def _answered(campaign: Campaign) -> QuerySet[Response]:
    is_changed, _cleaned = changed_answers(campaign, _KINDS, of_survey=True, marked_as=AS_COARSE)
    return Response.objects.of(campaign).filter(is_changed)


def _coarsen_answers(campaign: Campaign, keys: Sequence[Any]) -> None:
    _is_changed, cleaned = changed_answers(campaign, _KINDS, of_survey=True, marked_as=AS_COARSE)
    Response.objects.filter(pk__in=keys).update(fingerprint=b"", **cleaned)


_SUBJECT: Final = RetentionSubject.PLACES.value
OWN: Final = (
    Part("places", _SUBJECT, _("Exact places of contributions"), _places, _coarsen),
    Part("place-answers", _SUBJECT, _("Places in answers to the survey"), _answered, _coarsen_answers),
)
