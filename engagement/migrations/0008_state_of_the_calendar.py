"""Changes of what the calendar shows are noted under one number, so that what did not change is found at once."""

from django.db import migrations

from engagement.calendar.state import THE_CALENDAR

TABLES = (
    "engagement_event",
    "engagement_eventdate",
    "engagement_event_campaigns",
    "mapping_campaign",
    "mapping_phase",
    "mapping_translation",
    "mapping_district",
)
NOTE = f"""
CREATE FUNCTION engagement_note_calendar() RETURNS void LANGUAGE sql AS $function$
    SELECT mapping_note_changes(ARRAY[{THE_CALENDAR}]::bigint[])
$function$
"""
CHANGED = """
CREATE FUNCTION engagement_calendar_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM engagement_note_calendar();
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engagement", "0007_mails_to_people_who_registered"),
        ("mapping", "0031_translations"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                NOTE,
                CHANGED,
                *(
                    f"CREATE TRIGGER engagement_calendar_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION engagement_calendar_changed()"
                    for table in TABLES
                ),
            ],
            reverse_sql=[
                *(f"DROP TRIGGER engagement_calendar_changed ON {table}" for table in TABLES),
                "DROP FUNCTION engagement_calendar_changed()",
                "DROP FUNCTION engagement_note_calendar()",
            ],
        )
    ]
