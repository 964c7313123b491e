"""Releases lose the number of what they do not show, and campaigns that protect people are always reviewed first.

The number told two moments apart by fewer than k people. What ledgers know of it goes too, so that contributions once
counted as not shown may be shown from now on.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def forget_what_is_not_shown(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("mapping", "Release").objects.update(contributions=F("contributions") - F("not_shown"))
    apps.get_model("mapping", "ReleaseEntry").objects.filter(is_shown=False).delete()
    apps.get_model("mapping", "ReleaseRegion").objects.filter(size=0).delete()


def review_first(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("mapping", "Campaign").objects.filter(publication="cells").update(moderation="pre")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0013_truncated")]

    operations: ClassVar = [
        migrations.RunPython(forget_what_is_not_shown, migrations.RunPython.noop),
        migrations.RunPython(review_first, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="release", name="release_adds_up"),
        migrations.RemoveField(model_name="release", name="not_shown"),
        migrations.RemoveField(model_name="releaseentry", name="is_shown"),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("publication", "points"), ("moderation", "pre"), _connector="OR"),
                name="campaign_protected_is_reviewed_first",
                violation_error_message="Contributions to protected areas are always reviewed first.",
            ),
        ),
    ]
