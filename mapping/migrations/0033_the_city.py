"""The city's page: name, logo, colour, contact, imprint, boundary, and the history of their changes."""

import uuid
from typing import ClassVar

import django.contrib.gis.db.models.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from mapping.models.change import revision_triggers
from mapping.models.checks import geometry_is_sound, json_is

EVERY_CAMPAIGN = "SELECT campaign.id FROM mapping_campaign AS campaign WHERE EXISTS (SELECT FROM {rows})"
ACTOR = models.ForeignKey(
    on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name="changed by"
)


def noted() -> migrations.RunSQL:
    """Let changes be noted in every campaign: its public pages and files name the city."""
    create, drop = revision_triggers("mapping_city", EVERY_CAMPAIGN)
    return migrations.RunSQL(sql=create, reverse_sql=drop)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("mapping", "0032_map_sheets_and_places_of_the_city"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CityLogo",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("data", models.BinaryField()),
                ("width", models.PositiveSmallIntegerField(editable=False, verbose_name="width")),
                ("height", models.PositiveSmallIntegerField(editable=False, verbose_name="height")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
            ],
            options={
                "verbose_name": "logo",
                "verbose_name_plural": "logos",
                "default_permissions": (),
                "constraints": (
                    models.CheckConstraint(
                        condition=models.Q(LessThanOrEqual(Length("data"), 2 * 2**20)),
                        name="citylogo_is_small",
                        violation_error_message="This file is too large for a logo.",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="City",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name of the city")),
                ("accent", models.CharField(blank=True, max_length=7, verbose_name="colour")),
                (
                    "logo_alt",
                    models.CharField(blank=True, max_length=300, verbose_name="what the logo shows"),
                ),
                ("mail", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="telephone")),
                ("postal_address", models.TextField(blank=True, verbose_name="postal address")),
                ("imprint", models.TextField(blank=True, verbose_name="imprint")),
                ("privacy_contact", models.TextField(blank=True, verbose_name="data protection")),
                (
                    "boundary",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="boundary"
                    ),
                ),
                (
                    "boundary_source",
                    models.CharField(blank=True, max_length=300, verbose_name="source of the boundary"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="changed"
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="cities",
                        to="mapping.citylogo",
                        verbose_name="logo",
                    ),
                ),
            ],
            options={
                "verbose_name": "city",
                "verbose_name_plural": "cities",
                "default_permissions": (),
                "constraints": (
                    models.CheckConstraint(
                        condition=models.Q(id=1),
                        name="city_is_one",
                        violation_error_message="There is one city only.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(accent__regex=r"^(#[0-9a-f]{6})?$"),
                        name="city_accent",
                        violation_error_message=(
                            "Please give the colour as # and six digits, for example #0b5a6b."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=models.Q(logo=None) | ~models.Q(logo_alt=""),
                        name="city_logo_in_words",
                        violation_error_message="Please write in words what the logo shows.",
                    ),
                    *geometry_is_sound("boundary", "city_boundary", ("MULTIPOLYGON",)),
                ),
            },
        ),
        migrations.CreateModel(
            name="CityChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                ("step", models.CharField(max_length=16, verbose_name="step")),
                ("before", models.JSONField(blank=True, default=dict, verbose_name="before")),
                ("after", models.JSONField(blank=True, default=dict, verbose_name="after")),
                ("actor", ACTOR),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="mapping.citychange",
                        verbose_name="takes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of the city's page",
                "verbose_name_plural": "changes of the city's page",
                "ordering": ("-at", "-pk"),
                "abstract": False,
                "default_permissions": (),
                "constraints": (
                    json_is("before", "object", "city_change_before_object"),
                    json_is("after", "object", "city_change_after_object"),
                ),
            },
        ),
        noted(),
    ]
