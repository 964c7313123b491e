"""Whoever contributed to a campaign that protects people was promised so: less protection is refused from then on."""

from typing import ClassVar

from django.db import migrations

# Contributions that are being stored just now hold a lock on the campaign (of their foreign key): FOR UPDATE waits for
# them, and the next statement sees them.
REFUSE = """
CREATE FUNCTION mapping_protection_stays() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM FROM mapping_campaign WHERE id = OLD.id FOR UPDATE;
    IF EXISTS (SELECT FROM mapping_contribution WHERE campaign_id = OLD.id)
        OR EXISTS (SELECT FROM mapping_release WHERE campaign_id = OLD.id)
    THEN
        RAISE EXCEPTION 'people contributed to this campaign under the promise of more protection'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_stays_protected';
    END IF;
    RETURN NEW;
END
$function$
"""
# Nor may what was given to a protected campaign be moved into one that is not, or into one of smaller groups.
REFUSE_MOVING = """
CREATE FUNCTION mapping_contribution_stays_protected() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (
        SELECT FROM mapping_campaign AS before JOIN mapping_campaign AS after ON after.id = NEW.campaign_id
        WHERE before.id = OLD.campaign_id AND before.publication = 'cells'
            AND (after.publication <> 'cells' OR after.k < before.k)
    ) THEN
        RAISE EXCEPTION 'a contribution to a protected campaign stays protected'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'contribution_stays_protected';
    END IF;
    RETURN NEW;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0019_withdrawals_keep_their_actor")]

    operations: ClassVar = [
        migrations.RunSQL(
            sql=[
                REFUSE,
                "CREATE TRIGGER mapping_campaign_stays_protected BEFORE UPDATE ON mapping_campaign FOR EACH ROW"
                " WHEN (OLD.publication = 'cells' AND (NEW.publication <> 'cells' OR NEW.k < OLD.k))"
                " EXECUTE FUNCTION mapping_protection_stays()",
                REFUSE_MOVING,
                "CREATE TRIGGER mapping_contribution_stays_protected BEFORE UPDATE ON mapping_contribution"
                " FOR EACH ROW WHEN (OLD.campaign_id <> NEW.campaign_id)"
                " EXECUTE FUNCTION mapping_contribution_stays_protected()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_contribution_stays_protected ON mapping_contribution",
                "DROP FUNCTION mapping_contribution_stays_protected()",
                "DROP TRIGGER mapping_campaign_stays_protected ON mapping_campaign",
                "DROP FUNCTION mapping_protection_stays()",
            ],
        ),
    ]
