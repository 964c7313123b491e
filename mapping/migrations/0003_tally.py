"""The tally of footprints: counts per cell that triggers keep, transactionally and set by set."""

from typing import ClassVar

from django.db import migrations, models

# Every statement that changes footprints is followed by one statement that adds what came and takes away what went.
# Contributions are sums of bits (`Footprint.sizes`). A participant is counted where a status, a level and a cell have
# at least one row of theirs: what came or went changes that only where no other row of the same person is there.
#
# The advisory lock lets one transaction at a time change the tally of a campaign: without it two first contributions
# of one person in one cell could both believe to be the first. It is held until the end of the transaction.
# 1734437999 is an arbitrary number, chosen once as the first key of all these locks.
#
# After a change of most of a campaign counting anew is cheaper: `aggregation.tally.counted_anew` sets
# `geoparticipation.tally` to `later` for its transaction and does so.
#
# PostgreSQL keeps the plan of a statement in a function, made for the first set it met. That saves a third of the time
# of one submission, and must not happen to an import of thousands: EXECUTE plans anew.
CHANGE = """
WITH levels (level, factor) AS (VALUES (0, 1), (1, 2), (2, 5), (3, 10), (4, 50), (5, 100)),
    changed AS ({changed}),
    kept AS (
        SELECT f.campaign_id, f.status, f.participant_id, f.cell
        FROM mapping_footprint AS f
        WHERE f.participant_id IN (SELECT participant_id FROM changed)
        {except_come}
    ),
    placed AS (
        SELECT sign, campaign_id, status, participant_id, level::smallint AS level,
            cell / 100000 / factor * 100000 + cell % 100000 / factor AS cell, sizes >> level & 1 AS counts
        FROM changed CROSS JOIN levels WHERE cell >= 0
        UNION ALL
        SELECT sign, campaign_id, status, participant_id, 6::smallint, 0, sizes >> 6 & 1 FROM changed
        UNION ALL
        SELECT sign, campaign_id, status, participant_id, 6::smallint, -1, 1 FROM changed WHERE cell = -1
    ),
    kept_places AS (
        SELECT campaign_id, status, participant_id, level::smallint AS level,
            cell / 100000 / factor * 100000 + cell % 100000 / factor AS cell
        FROM kept CROSS JOIN levels WHERE cell >= 0
        UNION ALL
        SELECT campaign_id, status, participant_id, 6::smallint, 0 FROM kept
        UNION ALL
        SELECT campaign_id, status, participant_id, 6::smallint, -1 FROM kept WHERE cell = -1
    ),
    people AS (
        SELECT campaign_id, status, level, cell, participant_id, sum(sign * counts) AS contributions,
            CASE WHEN participant_id IS NULL THEN 0 ELSE (max(sign) + min(sign)) / 2 END AS participants
        FROM placed
        GROUP BY campaign_id, status, level, cell, participant_id
    ),
    delta AS (
        SELECT campaign_id, status, level, cell, sum(people.contributions)::integer AS contributions,
            sum(CASE WHEN kept.participant_id IS NULL THEN people.participants ELSE 0 END)::integer AS participants
        FROM people
        LEFT JOIN (SELECT DISTINCT * FROM kept_places) AS kept
            USING (campaign_id, status, level, cell, participant_id)
        GROUP BY campaign_id, status, level, cell
    )
    MERGE INTO mapping_tally AS tally
    USING (SELECT * FROM delta WHERE contributions <> 0 OR participants <> 0) AS delta
    ON tally.campaign_id = delta.campaign_id AND tally.status = delta.status AND tally.level = delta.level
        AND tally.cell = delta.cell
    WHEN MATCHED AND tally.contributions + delta.contributions = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET contributions = tally.contributions + delta.contributions,
        participants = tally.participants + delta.participants
    WHEN NOT MATCHED THEN INSERT (campaign_id, status, level, cell, contributions, participants)
        VALUES (campaign_id, status, level, cell, contributions, participants)
"""

FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    changes bigint := (SELECT count(*) FROM ({changed}) AS changed);
BEGIN
    IF changes = 0 OR current_setting('geoparticipation.tally', true) = 'later' THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(1734437999, campaign_id)
    FROM (SELECT DISTINCT campaign_id FROM ({changed}) AS changed ORDER BY campaign_id) AS campaigns;
    IF changes <= 20 THEN
        {change};
    ELSE
        EXECUTE $query$ {change} $query$;
    END IF;
    RETURN NULL;
END
$function$
"""

CAME = "SELECT 1 AS sign, come.* FROM come"
WENT = "SELECT -1 AS sign, gone.* FROM gone"
ALL_BUT_THOSE_THAT_CAME = (
    "AND NOT EXISTS (SELECT FROM come WHERE come.contribution_id = f.contribution_id AND come.cell = f.cell)"
)
EVENTS = {
    "INSERT": ("NEW TABLE AS come", CAME, ALL_BUT_THOSE_THAT_CAME),
    "DELETE": ("OLD TABLE AS gone", WENT, ""),
    "UPDATE": ("OLD TABLE AS gone NEW TABLE AS come", f"{CAME} UNION ALL {WENT}", ALL_BUT_THOSE_THAT_CAME),
}


def triggers() -> list[migrations.RunSQL]:
    """One function and one trigger per kind of change; they differ in the transition tables that they see."""
    operations = []
    for event, (tables, changed, except_come) in EVENTS.items():
        name = f"mapping_tally_after_{event.lower()}"
        function = FUNCTION.replace("{change}", CHANGE).replace("{name}", name).replace("{changed}", changed)
        operations.append(
            migrations.RunSQL(
                sql=[
                    function.replace("{except_come}", except_come),
                    f"CREATE TRIGGER {name} AFTER {event} ON mapping_footprint REFERENCING {tables}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
                ],
                reverse_sql=[f"DROP TRIGGER {name} ON mapping_footprint", f"DROP FUNCTION {name}()"],
            )
        )
    return operations


class Migration(migrations.Migration):
    """Footprints that are there already are counted by `bin/manage rebuild_aggregates`."""

    dependencies: ClassVar = [("mapping", "0002_footprint_counting")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "campaign_id",
                        "status",
                        "level",
                        "cell",
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
                ("contributions", models.IntegerField()),
                ("participants", models.IntegerField()),
            ],
        ),
        # Room in the pages keeps updated rows where they are (HOT) and a level's rows side by side.
        migrations.RunSQL(
            sql="ALTER TABLE mapping_tally SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05)",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="footprint",
            index=models.Index(fields=["participant_id"], name="footprint_participant"),
        ),
        *triggers(),
    ]
