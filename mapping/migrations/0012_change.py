"""The revision of a campaign: triggers note each change of what the public may read of it."""

from typing import ClassVar

from django.db import migrations, models

# Which campaigns the rows of a changed table belong to, where the public may see these rows. What waits for review
# changes nothing; moderation takes it in or out by the contribution's status.
OF_PUBLISHED = (
    "SELECT contribution.campaign_id FROM {rows} JOIN mapping_contribution AS contribution"
    " ON contribution.id = rows.contribution_id WHERE contribution.status = 'published'"
)
CAMPAIGNS = {
    "mapping_contribution": "SELECT campaign_id FROM {rows} WHERE status = 'published'",
    "mapping_photo": OF_PUBLISHED,
    "mapping_reply": OF_PUBLISHED,
    "mapping_category": "SELECT campaign_id FROM {rows}",
    "mapping_question": (
        "SELECT category.campaign_id FROM {rows} JOIN mapping_category AS category ON category.id = rows.category_id"
    ),
    "mapping_campaign": "SELECT id FROM {rows}",
    "mapping_district": (
        "SELECT campaign.id FROM mapping_campaign AS campaign"
        " WHERE campaign.district_layer_id IN (SELECT layer_id FROM {rows})"
    ),
}
EVENTS = {"INSERT": "NEW TABLE AS come", "DELETE": "OLD TABLE AS gone", "UPDATE": "OLD TABLE AS gone NEW TABLE AS come"}

# The sum of a campaign's numbers stays what it was when rows are replaced by one with their sum. Rows that another
# transaction is replacing are left to it. The one in 32 that does it is told by its id.
NOTE = """
CREATE FUNCTION mapping_note_changes(campaigns bigint[]) RETURNS void LANGUAGE plpgsql AS $function$
DECLARE
    is_turn boolean;
BEGIN
    WITH noted AS (
        INSERT INTO mapping_change (campaign_id, number, at)
        SELECT DISTINCT campaign, 1, clock_timestamp() FROM unnest(campaigns) AS campaign
        RETURNING id
    )
    SELECT bool_or(id % 32 = 0) INTO is_turn FROM noted;
    IF is_turn THEN
        WITH gone AS (
            DELETE FROM mapping_change WHERE id IN (
                SELECT id FROM mapping_change WHERE campaign_id = ANY (campaigns) FOR UPDATE SKIP LOCKED
            )
            RETURNING campaign_id, number, at
        )
        INSERT INTO mapping_change (campaign_id, number, at)
        SELECT campaign_id, sum(number), max(at) FROM gone GROUP BY campaign_id;
    END IF;
END
$function$
"""

# A statement of a function is looked at when it is reached: each kind of change sees the rows that it has.
FUNCTION = """
CREATE FUNCTION {table}_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    campaigns bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        campaigns := ARRAY({come});
    ELSIF TG_OP = 'DELETE' THEN
        campaigns := ARRAY({gone});
    ELSE
        campaigns := ARRAY({both});
    END IF;
    IF campaigns <> '{}' THEN
        PERFORM mapping_note_changes(campaigns);
    END IF;
    RETURN NULL;
END
$function$
"""

# The changes of a campaign go with it, after those that deleting its contributions made.
FORGET = """
CREATE FUNCTION mapping_forget_changes() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    DELETE FROM mapping_change WHERE campaign_id IN (SELECT id FROM gone);
    RETURN NULL;
END
$function$
"""


def triggers(table: str) -> migrations.RunSQL:
    """One function of a table, and a trigger for each kind of change."""
    rows = CAMPAIGNS[table]
    events = {event: EVENTS[event] for event in EVENTS if (table, event) != ("mapping_campaign", "DELETE")}
    both = " UNION ".join(rows.replace("{rows}", f"{name} AS rows") for name in ("come", "gone"))
    function = (
        FUNCTION.replace("{table}", table)
        .replace("{come}", rows.replace("{rows}", "come AS rows"))
        .replace("{gone}", rows.replace("{rows}", "gone AS rows"))
        .replace("{both}", both)
    )
    create = [
        f"CREATE TRIGGER {table}_changed_by_{event.lower()} AFTER {event} ON {table} REFERENCING {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_changed()"
        for event, tables in events.items()
    ]
    drop = [f"DROP TRIGGER {table}_changed_by_{event.lower()} ON {table}" for event in events]
    return migrations.RunSQL(sql=[function, *create], reverse_sql=[*drop, f"DROP FUNCTION {table}_changed()"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0011_export_job")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign_id", models.IntegerField(db_index=True)),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"default_permissions": ()},
        ),
        # Rows come and go: they are cleaned up soon, so that adding up reads few dead ones.
        migrations.RunSQL(
            sql="ALTER TABLE mapping_change SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(sql=NOTE, reverse_sql="DROP FUNCTION mapping_note_changes(bigint[])"),
        *map(triggers, CAMPAIGNS),
        migrations.RunSQL(
            sql=[
                FORGET,
                "CREATE TRIGGER mapping_forget_changes AFTER DELETE ON mapping_campaign REFERENCING OLD TABLE AS gone"
                " FOR EACH STATEMENT EXECUTE FUNCTION mapping_forget_changes()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_forget_changes ON mapping_campaign",
                "DROP FUNCTION mapping_forget_changes()",
            ],
        ),
    ]
