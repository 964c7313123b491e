"""Campaigns that are open to people who signed in only, and the keys of their digests."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# People who are being stored just now hold a lock on the campaign (of their foreign key): FOR UPDATE waits for them,
# and the next statement sees them.
REFUSE = """
CREATE FUNCTION mapping_open_to_stays() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM FROM mapping_campaign WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT FROM mapping_participant WHERE campaign_id = OLD.id) THEN
        RAISE EXCEPTION 'people took part in this campaign already, and could count twice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_stays_open_to';
    END IF;
    RETURN NEW;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0043_search_for_places")]

    operations: ClassVar = [
        # The version that runs meanwhile stores campaigns without it: the database fills it in.
        migrations.AddField(
            model_name="campaign",
            name="open_to",
            field=models.CharField(
                choices=[("anyone", "Anyone"), ("signed_in", "People who signed in")],
                db_default="anyone",
                default="anyone",
                max_length=9,
                verbose_name="open to",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(open_to__in=["anyone", "signed_in"]),
                name="campaign_open_to",
                violation_error_message="Please choose one of the values that are offered.",
            ),
        ),
        migrations.CreateModel(
            name="PairwiseKey",
            fields=[
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pairwise_key",
                        serialize=False,
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
                ("key", models.BinaryField(max_length=32)),
                ("mark", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "key for people who signed in",
                "verbose_name_plural": "keys for people who signed in",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(
            sql=[
                REFUSE,
                "CREATE TRIGGER mapping_campaign_stays_open_to BEFORE UPDATE ON mapping_campaign FOR EACH ROW"
                " WHEN (OLD.open_to <> NEW.open_to) EXECUTE FUNCTION mapping_open_to_stays()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_campaign_stays_open_to ON mapping_campaign",
                "DROP FUNCTION mapping_open_to_stays()",
            ],
        ),
    ]
