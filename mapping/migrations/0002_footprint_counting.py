"""Footprints in the layout that counts fastest: one key per cell, one covering index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Made anew rather than altered: footprints are disposable (`bin/manage rebuild_aggregates` fills
    them)."""

    dependencies = [("mapping", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Footprint"),
        migrations.CreateModel(
            name="Footprint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "contribution_id",
                        "cell",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("cell", models.BigIntegerField()),
                ("participant_id", models.BigIntegerField(null=True)),
                ("campaign_id", models.IntegerField()),
                ("category_id", models.IntegerField()),
                ("day", models.DateField()),
                ("status", models.SmallIntegerField()),
                ("sizes", models.SmallIntegerField()),
                (
                    "contribution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="footprints",
                        to="mapping.contribution",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["campaign_id", "category_id", "day", "status"],
                        include=("sizes", "cell", "participant_id"),
                        name="footprint_counting",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            # An index-only scan reads the table wherever a page is not known to be visible to all; after 2 %
            # of change that would be felt, PostgreSQL's default is 20 %.
            sql="ALTER TABLE mapping_footprint SET (autovacuum_vacuum_scale_factor = 0.02,"
            " autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05)",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
