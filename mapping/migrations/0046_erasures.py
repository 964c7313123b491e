"""What is erased is noted, so that a restored backup does not bring it back."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from mapping.models.restoring.erasure import erasure_trigger

TRIGGERS = (
    erasure_trigger("mapping_campaign", "campaign", ("id", "created_at")),
    erasure_trigger("mapping_contribution", "contribution", ("id",)),
    erasure_trigger("mapping_photo", "photo", ("id",)),
    erasure_trigger("mapping_participant", "participant", ("id", "created_at")),
    erasure_trigger("mapping_response", "response", ("id",)),
    erasure_trigger("mapping_comment", "comment", ("public_id",)),
    erasure_trigger("mapping_support", "support", ("id", "created_at")),
    erasure_trigger("mapping_commentsupport", "comment_support", ("id", "created_at")),
    erasure_trigger("mapping_reply", "reply", ("id", "created_at")),
    erasure_trigger("mapping_flag", "flag", ("id", "created_at")),
    erasure_trigger("mapping_picture", "picture", ("id",)),
)


class Migration(migrations.Migration):
    dependencies = [("mapping", "0045_retention")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "digest",
                    models.BinaryField(editable=False, max_length=32, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=30)),
                ("day", models.DateField(db_index=True, verbose_name="date")),
            ],
            options={"verbose_name": "erasure", "verbose_name_plural": "erasures", "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="ReleaseHold",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="release_hold",
                        serialize=False,
                        to="mapping.campaign",
                    ),
                ),
                ("known_until", models.DateTimeField(verbose_name="known until")),
                (
                    "held_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="held since"
                    ),
                ),
            ],
            options={
                "verbose_name": "hold of releases",
                "verbose_name_plural": "holds of releases",
                "default_permissions": (),
            },
        ),
        *(migrations.RunSQL(sql=create, reverse_sql=drop) for create, drop in TRIGGERS),
    ]
