"""The sites that may show a campaign in a frame."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.lookups import Regex

import mapping.models.checks

ORIGIN = "https://[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0041_tally_centres")]

    operations: ClassVar = [
        # The version that runs meanwhile stores campaigns without it: the database fills it in.
        migrations.AddField(
            model_name="campaign",
            name="embed_origins",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=255),
                blank=True,
                db_default=models.Value([]),
                default=list,
                size=None,
                verbose_name="sites that may embed it",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(embed_origins__len__lte=20)
                & models.Q(
                    Regex(
                        mapping.models.checks.InWords(F("embed_origins")),
                        Value(f"^({ORIGIN}( {ORIGIN})*)?$"),
                    )
                ),
                name="campaign_embed_origins",
                violation_error_message="Please give at most 20 addresses that begin with https://.",
            ),
        ),
    ]
