"""Dates of retention: a restored backup takes earlier ones that were promised since; days are those of Germany.

A span that is deleted and made anew may not be later either. Former content that staff erased is noted in the ledger.
"""

from typing import ClassVar

from django.db import migrations

from mapping.models.restoring.erasure import erasure_digest

SPAN = """
CREATE OR REPLACE FUNCTION mapping_retention_until() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    ends timestamptz;
BEGIN
    -- An earlier date alone, as a restore knows it of the list of erasures: taken as it is.
    IF TG_OP = 'UPDATE' AND NEW.until IS NOT NULL AND (OLD.until IS NULL OR NEW.until < OLD.until)
        AND NEW.months = OLD.months AND NEW.campaign_id = OLD.campaign_id AND NEW.subject = OLD.subject
    THEN
        RETURN NEW;
    END IF;
    SELECT closes_at INTO ends FROM mapping_campaign WHERE id = NEW.campaign_id;
    NEW.until := ((ends - interval '1 second') AT TIME ZONE 'Europe/Berlin')::date + make_interval(months => NEW.months);
    NEW.until := CASE WHEN NEW.until IS NOT NULL THEN
        greatest(NEW.until, (now() AT TIME ZONE 'Europe/Berlin')::date + 30) END;
    IF TG_OP = 'UPDATE' AND OLD.months IS NOT NULL THEN
        IF NEW.months IS NULL OR NEW.months > OLD.months OR NEW.campaign_id <> OLD.campaign_id
            OR NEW.subject <> OLD.subject
        THEN
            IF mapping_has_promised(OLD.campaign_id) THEN
                RAISE EXCEPTION 'people took part under the promise of an earlier date'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'retention_is_promised';
            END IF;
        ELSIF OLD.until IS NOT NULL AND (NEW.until IS NULL OR NEW.until > OLD.until)
            AND mapping_has_promised(OLD.campaign_id)
        THEN
            NEW.until := OLD.until;
        END IF;
    END IF;
    RETURN NEW;
END
$function$
"""
REMOVAL = """
CREATE OR REPLACE FUNCTION mapping_retention_stays() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF OLD.months IS NOT NULL AND EXISTS (SELECT FROM mapping_campaign WHERE id = OLD.campaign_id)
        AND NOT EXISTS (
            SELECT FROM mapping_retentionspan WHERE campaign_id = OLD.campaign_id AND subject = OLD.subject
                AND months <= OLD.months AND (OLD.until IS NULL OR until <= OLD.until)
        ) AND mapping_has_promised(OLD.campaign_id)
    THEN
        RAISE EXCEPTION 'people took part under the promise of a date'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'retention_is_promised';
    END IF;
    RETURN NULL;
END
$function$
"""
ORIGINAL = f"""
CREATE FUNCTION mapping_moderationevent_erased() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO mapping_erasure (digest, kind, day)
    SELECT {erasure_digest("original", ("id", "created_at"))}, 'original', (now() AT TIME ZONE 'UTC')::date
    FROM gone AS one JOIN come ON come.id = one.id WHERE come.original = '{{}}' AND one.original <> '{{}}'
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$function$
"""  # noqa: S608 - constants


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0046_erasures")]

    operations: ClassVar = [
        # The version before lives with both: it never gives a date itself.
        migrations.RunSQL(sql=[SPAN, REMOVAL], reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(
            sql=[
                ORIGINAL,
                "CREATE TRIGGER mapping_moderationevent_erased AFTER UPDATE ON mapping_moderationevent"
                " REFERENCING OLD TABLE AS gone NEW TABLE AS come"
                " FOR EACH STATEMENT EXECUTE FUNCTION mapping_moderationevent_erased()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_moderationevent_erased ON mapping_moderationevent",
                "DROP FUNCTION mapping_moderationevent_erased()",
            ],
        ),
    ]
