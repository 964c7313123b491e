"""True centres: footprints hold the place within their cell, and a tally of its own adds these up by cell and category.

Everything happens in one transaction. Adding the columns locks the footprints until its end, so that whoever writes
meanwhile waits and is counted by the new triggers. What is there already is filled in from the contributions.
"""

from importlib import import_module
from typing import ClassVar

from django.db import migrations, models

# The point that stands for a line or area, as `aggregation.footprint` chooses it.
MIDDLE = """
    CASE WHEN ST_XMin(c.geom_laea) < 0 OR ST_YMin(c.geom_laea) < 0
            OR ST_XMax(c.geom_laea) >= 10000000 OR ST_YMax(c.geom_laea) >= 10000000 THEN NULL
        WHEN GeometryType(c.geom_laea) = 'LINESTRING' THEN ST_LineInterpolatePoint(c.geom_laea, 0.5)
        WHEN ST_Intersects(ST_Centroid(c.geom_laea), c.geom_laea) THEN ST_Centroid(c.geom_laea)
        ELSE ST_PointOnSurface(c.geom_laea) END
"""
OFFSETS = """
    east_cm = least(greatest(floor(({x} - f.cell % 100000 * 100) * 100), 0), 9999)::smallint,
    north_cm = least(greatest(floor(({y} - f.cell / 100000 * 100) * 100), 0), 9999)::smallint
"""

# The tallies that are there already count neither column: their triggers have nothing to do.
FILL_FOOTPRINTS = (
    "SELECT set_config('geoparticipation.tally', 'later', true)",
    f"""
    UPDATE mapping_footprint AS f
    SET {OFFSETS.format(x="ST_X(c.geom_laea)", y="ST_Y(c.geom_laea)")}
    FROM mapping_contribution AS c
    WHERE c.id = f.contribution_id AND f.cell >= 0 AND GeometryType(c.geom_laea) = 'POINT'
    """,
    f"""
    UPDATE mapping_footprint AS f
    SET {OFFSETS.format(x="ST_X(holder.point)", y="ST_Y(holder.point)")}
    FROM (
        SELECT DISTINCT ON (g.contribution_id) g.contribution_id, g.cell, middle.point
        FROM (
            SELECT c.id, {MIDDLE} AS point FROM mapping_contribution AS c
            WHERE GeometryType(c.geom_laea) <> 'POINT' OFFSET 0
        ) AS middle
        JOIN mapping_footprint AS g ON g.contribution_id = middle.id
        WHERE middle.point IS NOT NULL AND g.cell >= 0
        ORDER BY g.contribution_id,
            g.cell = floor(ST_Y(middle.point) / 100)::bigint * 100000 + floor(ST_X(middle.point) / 100)::bigint DESC,
            g.cell
    ) AS holder
    WHERE f.contribution_id = holder.contribution_id AND f.cell = holder.cell
    """,
    "SELECT set_config('geoparticipation.tally', '', true)",
)
FILL_CENTRES = (
    """
    INSERT INTO mapping_centre
        (campaign_id, status, level, cell, category_id, contributions, east, north)
    SELECT campaign_id, status, 0, cell, category_id, count(*),
        sum(cell % 100000 * 10000 + east_cm), sum(cell / 100000 * 10000 + north_cm)
    FROM mapping_footprint
    WHERE east_cm IS NOT NULL
    GROUP BY campaign_id, status, cell, category_id
    """,
    """
    INSERT INTO mapping_centre
        (campaign_id, status, level, cell, category_id, contributions, east, north)
    SELECT campaign_id, status, levels.level, cell / 100000 / factor * 100000 + cell % 100000 / factor, category_id,
        sum(contributions), sum(east), sum(north)
    FROM mapping_centre
    CROSS JOIN (VALUES (1, 2), (2, 5), (3, 10), (4, 50), (5, 100)) AS levels (level, factor)
    WHERE mapping_centre.level = 0
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    """,
)

# Runs under the lock and behind the tally of `0003_tally`, on the same transition tables.
CENTRES = """
WITH levels (level, factor) AS (VALUES (0, 1), (1, 2), (2, 5), (3, 10), (4, 50), (5, 100)),
    changed AS ({changed}),
    delta AS (
        SELECT campaign_id, status, level::smallint AS level,
            cell / 100000 / factor * 100000 + cell % 100000 / factor AS cell, category_id,
            sum(sign)::integer AS contributions,
            sum(sign * (cell % 100000 * 10000 + east_cm))::bigint AS east,
            sum(sign * (cell / 100000 * 10000 + north_cm))::bigint AS north
        FROM changed CROSS JOIN levels
        WHERE east_cm IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5
    )
    MERGE INTO mapping_centre AS centre
    USING (SELECT * FROM delta WHERE contributions <> 0 OR east <> 0 OR north <> 0) AS delta
    ON centre.campaign_id = delta.campaign_id AND centre.status = delta.status AND centre.level = delta.level
        AND centre.cell = delta.cell AND centre.category_id = delta.category_id
    WHEN MATCHED AND centre.contributions + delta.contributions = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET contributions = centre.contributions + delta.contributions,
        east = centre.east + delta.east, north = centre.north + delta.north
    WHEN NOT MATCHED THEN
        INSERT (campaign_id, status, level, cell, category_id, contributions, east, north)
        VALUES (campaign_id, status, level, cell, category_id, contributions, east, north)
"""


def functions() -> list[migrations.RunSQL]:
    """The functions of `0007_footprint_hour_source` with a second statement, and back."""
    tally = import_module("mapping.migrations.0003_tally")
    unnamed = import_module("mapping.migrations.0007_footprint_hour_source")
    totals = "        SELECT sign, campaign_id, status, participant_id, 6::smallint, 0, sizes >> 6 & 1 FROM changed\n"
    planned, planned_anew = "        {change};\n", "        EXECUTE $query$ {change} $query$;\n"
    assert tally.CHANGE.count(totals) == 1
    assert tally.FUNCTION.count(planned) == tally.FUNCTION.count(planned_anew) == 1
    both = tally.FUNCTION.replace(planned, planned + "        {centres};\n").replace(
        planned_anew, planned_anew + "        EXECUTE $query$ {centres} $query$;\n"
    )
    operations = []
    for event, (_tables, changed, except_come) in tally.EVENTS.items():
        old, new = (
            function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            .replace("{change}", tally.CHANGE.replace(totals, unnamed.UNNAMED + totals))
            .replace("{centres}", CENTRES)
            .replace("{name}", f"mapping_tally_after_{event.lower()}")
            .replace("{changed}", changed)
            .replace("{except_come}", except_come)
            for function in (tally.FUNCTION, both)
        )
        operations.append(migrations.RunSQL(sql=new, reverse_sql=old))
    return operations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0040_ground")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="footprint", name="east_cm", field=models.SmallIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="footprint", name="north_cm", field=models.SmallIntegerField(null=True)
        ),
        migrations.CreateModel(
            name="Centre",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "status",
                        "level",
                        "cell",
                        "category_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("campaign_id", models.IntegerField()),
                ("status", models.SmallIntegerField()),
                ("level", models.SmallIntegerField()),
                ("cell", models.BigIntegerField()),
                ("category_id", models.IntegerField()),
                ("contributions", models.IntegerField()),
                ("east", models.BigIntegerField()),
                ("north", models.BigIntegerField()),
            ],
        ),
        # As of the tally: room in the pages keeps updated rows where they are.
        migrations.RunSQL(
            sql="ALTER TABLE mapping_centre SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(sql=list(FILL_FOOTPRINTS), reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(sql=list(FILL_CENTRES), reverse_sql=migrations.RunSQL.noop),
        *functions(),
    ]
