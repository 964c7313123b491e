"""Removed sessions name their body, so that its list of meetings can call them deleted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0011_changes_of_dates")]

    operations = [
        migrations.AddField(
            model_name="removedrecord",
            name="owner",
            field=models.UUIDField(editable=False, null=True, verbose_name="owner"),
        ),
    ]
