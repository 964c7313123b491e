"""The search finds events, documents with their pages, plans and updates."""

from django.db import migrations

from engagement.models.searched import TABLES

# Pages of a document are of its campaign.
FOLLOW = """
CREATE FUNCTION engagement_pages_follow_document() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE mapping_searchtext SET campaign_id = NEW.campaign_id WHERE kind = 'page' AND subject = NEW.id::text;
    RETURN NULL;
END
$function$
"""


def triggers():
    """The index follows each table, and holds what is there already."""
    for table in TABLES:
        create, drop = table.triggers()
        yield migrations.RunSQL(sql=[*create, *table.filling()], reverse_sql=drop)


class Migration(migrations.Migration):
    dependencies = [("engagement", "0003_subscriptions"), ("mapping", "0036_search")]

    operations = [
        *triggers(),
        migrations.RunSQL(
            sql=[
                FOLLOW,
                "CREATE TRIGGER engagement_pages_follow_document AFTER UPDATE OF campaign_id ON engagement_document"
                " FOR EACH ROW WHEN (OLD.campaign_id IS DISTINCT FROM NEW.campaign_id)"
                " EXECUTE FUNCTION engagement_pages_follow_document()",
            ],
            reverse_sql=[
                "DROP TRIGGER engagement_pages_follow_document ON engagement_document",
                "DROP FUNCTION engagement_pages_follow_document()",
            ],
        ),
    ]
