"""The database refuses what no service would send: each constraint is broken on purpose, straight through the ORM."""

import re
import uuid
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib.gis.geos import MultiPolygon, Point
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from mapping.models import (
    Campaign,
    Contribution,
)
from mapping.services.campaigns import NewCampaign, create_campaign
from mapping.services.errors import Invalid
from tests.breaking import BREAKS, BY_COLUMN_TYPE, SQUARE, Break, contribution_with
from tests.breaking_city import BOW_TIE, FAR
from tests.breaking_ideas import OF_TRIGGERS
from tests.breaking_watching import OF_WATCHING

ALL = [*BREAKS, *OF_WATCHING]


@pytest.mark.parametrize(("name", "offend"), ALL, ids=[f"{name}-{i}" for i, (name, _) in enumerate(ALL)])
def test_database_keeps_its_word(published: Contribution, name: str, offend: Break) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        offend(published)
    assert f'"{name}"' in str(refused.value)


@pytest.mark.parametrize(("name", "offend"), OF_TRIGGERS)
def test_triggers_refuse_answers_to_answers(published: Contribution, name: str, offend: Break) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        offend(published)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.IntegrityError)
    assert cause.diag.constraint_name == name


def test_every_constraint_is_broken_once() -> None:
    stated = {
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label
        in {"mapping", "engagement", "voting", "texts", "doors", "accounts", "watching", "audit"}
        for constraint in model._meta.constraints
    }
    assert stated == {name for name, _ in ALL} | BY_COLUMN_TYPE


@pytest.mark.parametrize("value", ["'NaN'::float8", "'Infinity'::float8", "'-Infinity'::float8"])
@pytest.mark.parametrize("axes", ["%s, 49", "7, %s"])
def test_database_refuses_numbers_that_are_not_finite(published: Contribution, value: str, axes: str) -> None:
    """Straight in SQL, past GEOS; the computed EPSG:3035 column may be the one that refuses."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE mapping_contribution SET geom = ST_SetSRID(ST_MakePoint({axes % value}), 4326) WHERE id = %s",
            [published.pk],
        )


@pytest.mark.parametrize(
    "sql",
    [
        "ST_SetSRID(ST_MakePoint(7.7, 49.4, 200), 4326)",
        "ST_SetSRID(ST_MakePoint(7.7, 49.4), 25832)",
    ],
)
def test_column_refuses_three_dimensions_and_other_systems(published: Contribution, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE mapping_contribution SET geom = {sql} WHERE id = %s", [published.pk])


@pytest.mark.parametrize("geometry", ["POINT(7.7 49.4)", "LINESTRING(7.7 49.4, 7.8 49.5)", SQUARE.wkt])
def test_column_of_areas_takes_areas_only(campaign: Campaign, geometry: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE mapping_campaign SET area = ST_GeomFromText(%s, 4326)", [geometry])


@pytest.mark.parametrize("latitude", [90.1, -90.1, 1e300])
def test_database_refuses_places_beyond_the_poles(published: Contribution, latitude: float) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        contribution_with(geom=Point(7.7, latitude, srid=4326))(published)


def test_category_in_use_cannot_be_deleted(published: Contribution) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        published.category.delete()


def test_contribution_id_is_unique(published: Contribution) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        contribution_with(id=uuid.UUID(str(published.pk)))(published)


def test_metres_are_computed_by_the_database(published: Contribution) -> None:
    published.refresh_from_db()
    assert published.geom_laea.srid == 3035
    assert 4_150_000 < published.geom_laea.x < 4_170_000
    Contribution.objects.filter(pk=published.pk).update(geom=None)
    published.refresh_from_db()
    assert published.geom_laea is None


def _own_constraints() -> list[tuple[str, Any]]:
    own = ("mapping", "accounts", "doors", "audit")
    models = [model for model in apps.get_models() if model._meta.app_label in own]
    return [(one.name, one) for model in models for one in model._meta.constraints]


@pytest.mark.parametrize(("name", "constraint"), _own_constraints())
def test_every_constraint_says_in_both_languages_what_is_wrong(name: str, constraint: Any) -> None:
    said = []
    for language in ("en", "de"):
        with translation.override(language):
            said.append(str(constraint.get_violation_error_message()))
    assert said[0] != said[1], "not translated"
    for words in said:
        assert name not in words
        assert words[-1] in ".:!"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": "2026-07-31T00:00Z", "closes_at": "2026-07-01T00:00Z"}, "nach ihrem Beginn enden"),
        ({"area": MultiPolygon(BOW_TIE, srid=4326)}, "leer oder fehlerhaft"),
        ({"area": MultiPolygon(FAR, srid=4326)}, "außerhalb der Welt"),
        ({"k": 1000}, "kleiner oder gleich 100"),
    ],
)
def test_services_refuse_in_words(fields: dict[str, Any], words: str) -> None:
    moments = {name: datetime.fromisoformat(value) for name, value in fields.items() if name.endswith("_at")}
    with translation.override("de"), pytest.raises(Invalid) as refused:
        create_campaign(NewCampaign(slug="new", title="Neu", **(fields | moments)))
    messages = [str(one.params["message"]) for problems in refused.value.fields.values() for one in problems]
    assert words in " ".join(messages)
    assert not re.search(r"campaign_\w+", " ".join(messages))
