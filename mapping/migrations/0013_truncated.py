"""Emptying a table is a change, too: of every campaign, for no trigger is told which rows there were."""

from typing import ClassVar

from django.db import migrations

TABLES = (
    "mapping_contribution",
    "mapping_photo",
    "mapping_reply",
    "mapping_category",
    "mapping_question",
    "mapping_district",
)

FUNCTION = """
CREATE FUNCTION mapping_truncated() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM mapping_note_changes(ARRAY(SELECT id FROM mapping_campaign));
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0012_change")]

    operations: ClassVar = [
        migrations.RunSQL(
            sql=[
                FUNCTION,
                *(
                    f"CREATE TRIGGER {table}_truncated AFTER TRUNCATE ON {table}"
                    " FOR EACH STATEMENT EXECUTE FUNCTION mapping_truncated()"
                    for table in TABLES
                ),
            ],
            reverse_sql=[
                *(f"DROP TRIGGER {table}_truncated ON {table}" for table in TABLES),
                "DROP FUNCTION mapping_truncated()",
            ],
        ),
    ]
