"""The history of a campaign's setup: who changed what when."""

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from mapping.models.checks import json_is


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("mapping", "0028_removed_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CampaignChange",
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
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="setup_changes",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="undone_by",
                        to="mapping.campaignchange",
                        verbose_name="takes back",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a campaign",
                "verbose_name_plural": "changes of campaigns",
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["campaign", "-at"], name="campaign_change_newest")],
                "constraints": [
                    json_is("before", "object", "campaign_change_before_object"),
                    json_is("after", "object", "campaign_change_after_object"),
                ],
            },
        ),
    ]
