"""A withdrawn contribution is deleted; a hash of its id stays, and whoever stores that id again is refused."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STATUSES = [("pending", "Waiting for review"), ("published", "Published"), ("rejected", "Rejected")]

# Until now a row without place, text and person stayed, but with its category, its times, its id in the source and all
# that moderation noted. Who of the staff took it away is kept.
DELETE_SHELLS = """
    INSERT INTO mapping_withdrawal (digest, campaign_id, actor_id)
    SELECT sha256(uuid_send(shell.id)), shell.campaign_id, (
        SELECT event.actor_id FROM mapping_moderationevent AS event
        WHERE event.contribution_id = shell.id AND event.to_status = 'withdrawn' ORDER BY event.id DESC LIMIT 1
    )
    FROM mapping_contribution AS shell WHERE shell.status = 'withdrawn';
    DELETE FROM mapping_moderationevent WHERE contribution_id IN (
        SELECT id FROM mapping_contribution WHERE status = 'withdrawn'
    );
    DELETE FROM mapping_contribution WHERE status = 'withdrawn';
    SET CONSTRAINTS ALL IMMEDIATE;
"""

REFUSE = """
CREATE FUNCTION mapping_refuse_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (
        SELECT FROM come JOIN mapping_withdrawal AS withdrawal ON withdrawal.digest = sha256(uuid_send(come.id))
    ) THEN
        RAISE EXCEPTION 'a contribution with this id was withdrawn'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'contribution_not_withdrawn';
    END IF;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("mapping", "0014_count_only_what_is_shown"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "digest",
                    models.BinaryField(editable=False, max_length=32, primary_key=True, serialize=False),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="withdrawals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withdrawals",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={"verbose_name": "withdrawal", "verbose_name_plural": "withdrawals"},
        ),
        migrations.RunSQL(sql=DELETE_SHELLS, reverse_sql=migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="contribution", name="contribution_status"),
        migrations.RemoveConstraint(model_name="contribution", name="contribution_withdrawn_is_empty"),
        migrations.AlterField(
            model_name="contribution",
            name="status",
            field=models.CharField(choices=STATUSES, default="pending", max_length=10, verbose_name="status"),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="from_status",
            field=models.CharField(blank=True, choices=STATUSES, max_length=10, verbose_name="from"),
        ),
        migrations.AlterField(
            model_name="moderationevent",
            name="to_status",
            field=models.CharField(choices=STATUSES, max_length=10, verbose_name="to"),
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", [name for name, _title in STATUSES])), name="contribution_status"
            ),
        ),
        migrations.RunSQL(
            sql=[
                REFUSE,
                "CREATE TRIGGER mapping_contribution_not_withdrawn AFTER INSERT ON mapping_contribution"
                " REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION mapping_refuse_withdrawn()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_contribution_not_withdrawn ON mapping_contribution",
                "DROP FUNCTION mapping_refuse_withdrawn()",
            ],
        ),
    ]
