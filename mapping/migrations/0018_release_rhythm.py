"""Releases are made at fixed times: how often is up to the campaign, and of the last attempt only the time counts."""

from typing import ClassVar

from django.db import migrations, models

RHYTHMS = (
    ("daily", "Every night"),
    ("weekly", "Every week, in the night to Monday"),
    ("by_hand", "When somebody orders it, the night after"),
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0017_exports_for_staff")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="campaign",
            name="release_rhythm",
            field=models.CharField(
                choices=RHYTHMS,
                default="daily",
                max_length=8,
                verbose_name="new numbers of protected areas",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("release_rhythm__in", ["daily", "weekly", "by_hand"])),
                name="campaign_release_rhythm",
            ),
        ),
        migrations.RemoveField(model_name="releaseattempt", name="participants"),
        migrations.AddField(
            model_name="releaseattempt", name="tried_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="releaseattempt", name="ordered_at", field=models.DateTimeField(null=True)
        ),
    ]
