"""Footprints know hour and source, so that heat maps filter by both from the index alone; the tally knows how many
contributions nobody stands behind."""

from importlib import import_module
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

# The cell -2 of the level of totals (`models.footprint.UNNAMED`): contributions without a participant.
UNNAMED = """
        SELECT sign, campaign_id, status, participant_id, 6::smallint, -2, sizes >> 6 & 1
        FROM changed WHERE participant_id IS NULL
        UNION ALL
"""
FILL_UNNAMED = """
    INSERT INTO mapping_tally (campaign_id, status, level, cell, contributions, participants)
    SELECT campaign_id, status, 6, -2, count(*), 0
    FROM mapping_footprint
    WHERE participant_id IS NULL AND sizes >> 6 & 1 = 1
    GROUP BY campaign_id, status
"""


def functions() -> list[migrations.RunSQL]:
    """The functions of `0003_tally` with one more kind of cell, and back."""
    tally = import_module("mapping.migrations.0003_tally")
    totals = "        SELECT sign, campaign_id, status, participant_id, 6::smallint, 0, sizes >> 6 & 1 FROM changed\n"
    assert tally.CHANGE.count(totals) == 1
    operations = []
    for event, (_tables, changed, except_come) in tally.EVENTS.items():
        old, new = (
            tally.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            .replace("{change}", change)
            .replace("{name}", f"mapping_tally_after_{event.lower()}")
            .replace("{changed}", changed)
            .replace("{except_come}", except_come)
            for change in (tally.CHANGE, tally.CHANGE.replace(totals, UNNAMED + totals))
        )
        operations.append(migrations.RunSQL(sql=new, reverse_sql=old))
    return operations


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
        *functions(),
        migrations.RunSQL(sql=FILL_UNNAMED, reverse_sql="DELETE FROM mapping_tally WHERE level = 6 AND cell = -2"),
    ]
