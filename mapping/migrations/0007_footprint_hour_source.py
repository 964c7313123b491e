"""Footprints know the hour of the day and the source, so that heat maps filter by both from the index alone."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations, models

# The tally counts neither, hence its triggers have nothing to do.
FILL = (
    "SELECT set_config('geoparticipation.tally', 'later', true)",
    (
        """
        UPDATE mapping_footprint AS f
        SET hour = extract(hour FROM c.created_at AT TIME ZONE %s),
            source = CASE c.source WHEN 'online' THEN 0 WHEN 'paper' THEN 1 WHEN 'import' THEN 2 WHEN 'city' THEN 3 END
        FROM mapping_contribution AS c
        WHERE c.id = f.contribution_id
        """,
        [settings.TIME_ZONE],
    ),
    "SELECT set_config('geoparticipation.tally', '', true)",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0006_population")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="footprint", name="footprint_counting"),
        migrations.AddField(
            model_name="footprint",
            name="hour",
            field=models.SmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="footprint",
            name="source",
            field=models.SmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(sql=list(FILL), reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="footprint",
            index=models.Index(
                fields=["campaign_id", "category_id", "day", "status"],
                include=("sizes", "cell", "participant_id", "hour", "source"),
                name="footprint_counting",
            ),
        ),
    ]
