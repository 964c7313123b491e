"""Names of places are compared without accents and in one spelling; parts of compounds are found in their plural, too.

Texts that were indexed before are found by the plural parts after `bin/manage rebuild_search`.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

from mapping.models.reference.address import FOLD, UNFOLD, PlaceFold
from mapping.models.search.functions import CREATE


class Migration(migrations.Migration):
    dependencies = [("mapping", "0042_embedding")]

    operations = [
        migrations.RunSQL(sql=FOLD, reverse_sql=UNFOLD),
        migrations.AddField(
            model_name="address",
            name="folded",
            field=models.GeneratedField(
                db_persist=True, expression=PlaceFold("name"), output_field=models.TextField()
            ),
        ),
        migrations.RemoveIndex(model_name="address", name="address_name_trigrams"),
        migrations.AddIndex(
            model_name="address",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["folded"], name="address_folded_trigrams", opclasses=("gin_trgm_ops",)
            ),
        ),
        # Names of the ground are few, but are folded for every search.
        migrations.RunSQL(
            sql="CREATE INDEX ground_folded_names ON mapping_groundfeature"
            " USING gin (mapping_place_fold(name) gin_trgm_ops) WHERE NOT (name = '')",
            reverse_sql="DROP INDEX ground_folded_names",
        ),
        migrations.RunSQL(sql=list(CREATE), reverse_sql=migrations.RunSQL.noop),
    ]
