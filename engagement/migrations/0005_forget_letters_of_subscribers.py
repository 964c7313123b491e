from django.db import migrations

# Letters that belong to no subscription (overviews) would hold the address that its last subscription takes away.
_FORGET = """
CREATE OR REPLACE FUNCTION engagement_forget_subscribers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    forgotten uuid[];
BEGIN
    forgotten := ARRAY(
        SELECT DISTINCT subscriber_id FROM gone
        WHERE NOT EXISTS (
            SELECT FROM engagement_subscription WHERE subscriber_id = gone.subscriber_id
        )
    );
    DELETE FROM engagement_letter WHERE subscriber_id = ANY (forgotten) AND subscription_id IS NULL;
    DELETE FROM engagement_subscriber WHERE id = ANY (forgotten);
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    """The last subscription takes all mails to its address with it."""

    dependencies = [
        ("engagement", "0004_search"),
    ]

    operations = [
        migrations.RunSQL(_FORGET, migrations.RunSQL.noop),
    ]
