"""The city's own ground: imported areas, lines and labels, drawn under everything else."""

import django.contrib.gis.db.models.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.lookups import In

from mapping.models.checks import GeometryType, IsWellFormed
from mapping.models.reference.ground import THE_GROUND, OnMap

AREAS = ("water", "wood", "park", "farm", "built", "industry")
STREETS = ("motorway", "primary", "secondary", "street", "path", "cycle")
LABELS = ("city", "district", "quarter", "village", "park", "water", "station", "landmark")
TABLES = ("mapping_groundsource", "mapping_groundfeature")

# One number for all of it: whatever changes, every tile may be another one.
CHANGED = f"""
CREATE FUNCTION mapping_ground_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM mapping_note_changes(ARRAY[{THE_GROUND}]::bigint[]);
    RETURN NULL;
END
$function$
"""


def shaped(*types: str) -> Q:
    """The condition that a feature is of one of some types."""
    return Q(In(GeometryType(F("geom")), [Value(name) for name in types]))


class Migration(migrations.Migration):
    dependencies = [("mapping", "0039_search_phrases")]

    operations = [
        migrations.CreateModel(
            name="GroundSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="file")),
                ("attribution", models.CharField(blank=True, max_length=300, verbose_name="data source")),
                (
                    "imported_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="imported"
                    ),
                ),
            ],
            options={
                "verbose_name": "file of the ground",
                "verbose_name_plural": "files of the ground",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="GroundFeature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layer", models.CharField(max_length=5, verbose_name="layer")),
                ("kind", models.CharField(max_length=12, verbose_name="kind")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("from_zoom", models.PositiveSmallIntegerField(verbose_name="smallest zoom")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rank of a label"),
                ),
                ("is_tunnel", models.BooleanField(default=False, verbose_name="in a tunnel")),
                (
                    "geom",
                    django.contrib.gis.db.models.fields.GeometryField(srid=3857, verbose_name="place"),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="features",
                        to="mapping.groundsource",
                        verbose_name="file of the ground",
                    ),
                ),
            ],
            options={
                "verbose_name": "feature of the ground",
                "verbose_name_plural": "features of the ground",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["from_zoom"], name="ground_from_zoom"),
                    django.contrib.postgres.indexes.GistIndex(
                        fields=["geom"],
                        name="ground_named_streets",
                        condition=Q(layer="line", kind__in=STREETS) & ~Q(name=""),
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(layer="area", kind__in=AREAS)
                        | Q(layer="line", kind__in=(*STREETS, "rail", "river"))
                        | Q(layer="label", kind__in=LABELS),
                        name="ground_class_of_layer",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=Q(from_zoom__lte=15),
                        name="ground_zoom_in_range",
                        violation_error_message="Tiles of the ground have zoom levels from 0 to 15.",
                    ),
                    models.CheckConstraint(
                        condition=Q(layer="label", rank__isnull=False, rank__gte=1, rank__lte=9)
                        | (~Q(layer="label") & Q(rank=None)),
                        name="ground_rank_of_labels",
                        violation_error_message=(
                            "Labels of the ground have a rank from 1 to 9, nothing else has one."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=~Q(layer="label", name=""),
                        name="ground_label_has_name",
                        violation_error_message="A label of the ground needs a name.",
                    ),
                    models.CheckConstraint(
                        condition=Q(is_tunnel=False) | Q(layer="line"),
                        name="ground_tunnel_is_line",
                        violation_error_message="Only lines of the ground run through tunnels.",
                    ),
                    models.CheckConstraint(
                        condition=OnMap(F("geom")),
                        name="ground_on_map",
                        violation_error_message="This place lies beyond the edge of the map.",
                    ),
                    models.CheckConstraint(
                        condition=IsWellFormed(F("geom")),
                        name="ground_well_formed",
                        violation_error_message=(
                            "The shape is empty or broken: its border must not cross or touch itself."
                            " Please draw it again."
                        ),
                    ),
                    models.CheckConstraint(
                        condition=(Q(layer="area") & shaped("POLYGON", "MULTIPOLYGON"))
                        | (Q(layer="line") & shaped("LINESTRING"))
                        | (Q(layer="label") & shaped("POINT")),
                        name="ground_shape_of_layer",
                        violation_error_message="This kind of shape cannot be stored here.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql=[
                CHANGED,
                *(
                    f"CREATE TRIGGER mapping_ground_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION mapping_ground_changed()"
                    for table in TABLES
                ),
            ],
            reverse_sql=[
                *(f"DROP TRIGGER mapping_ground_changed ON {table}" for table in TABLES),
                "DROP FUNCTION mapping_ground_changed()",
            ],
        ),
    ]
