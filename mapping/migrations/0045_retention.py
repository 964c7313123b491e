"""How long what people gave is kept. What was promised to people never becomes later, whatever way a row takes.

Nothing is removed by the version that runs meanwhile, and campaigns that are there get no dates: people were promised
none. Dates are those of Germany.
"""

from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

PROMISED = """
CREATE FUNCTION mapping_has_promised(wanted bigint) RETURNS boolean LANGUAGE plpgsql AS $function$
DECLARE
    found boolean;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT EXISTS (SELECT FROM mapping_participant WHERE campaign_id = wanted)
            OR EXISTS (SELECT FROM mapping_response WHERE campaign_id = wanted)
            OR EXISTS (SELECT FROM mapping_contribution WHERE campaign_id = wanted AND source <> 'city') INTO found;
        EXIT WHEN found OR attempt = 2;
        -- What is being stored just now holds a lock of its foreign key: wait for it, and look again.
        PERFORM FROM mapping_campaign WHERE id = wanted FOR UPDATE;
    END LOOP;
    RETURN found;
END
$function$
"""
SPAN = """
CREATE FUNCTION mapping_retention_until() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    ends timestamptz;
BEGIN
    SELECT closes_at INTO ends FROM mapping_campaign WHERE id = NEW.campaign_id;
    NEW.until := ((ends - interval '1 second') AT TIME ZONE 'Europe/Berlin')::date + make_interval(months => NEW.months);
    NEW.until := CASE WHEN NEW.until IS NOT NULL THEN greatest(NEW.until, current_date + 30) END;
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
PERIOD = """
CREATE FUNCTION mapping_retention_follows() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (
        SELECT FROM mapping_retentionspan AS span WHERE span.campaign_id = NEW.id
            -- Without an end it goes on for ever.
            AND span.until <= coalesce((NEW.closes_at AT TIME ZONE 'Europe/Berlin')::date, 'infinity')
    ) AND (OLD.closes_at IS NULL OR coalesce(NEW.closes_at, 'infinity') > OLD.closes_at) AND mapping_has_promised(NEW.id) THEN
        RAISE EXCEPTION 'people were promised that data are removed before this end'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'campaign_ends_before_retention';
    END IF;
    UPDATE mapping_retentionspan SET months = months WHERE campaign_id = NEW.id;
    RETURN NULL;
END
$function$
"""
# Deleting a campaign deletes its rows one after the other: at the end of the transaction either all are gone or none.
REMOVAL = """
CREATE FUNCTION mapping_retention_stays() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF OLD.months IS NOT NULL AND EXISTS (SELECT FROM mapping_campaign WHERE id = OLD.campaign_id)
        AND NOT EXISTS (
            SELECT FROM mapping_retentionspan WHERE campaign_id = OLD.campaign_id AND subject = OLD.subject
                AND months <= OLD.months
        ) AND mapping_has_promised(OLD.campaign_id)
    THEN
        RAISE EXCEPTION 'people took part under the promise of a date'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'retention_is_promised';
    END IF;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0044_open_to")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("privacy", "Privacy page"),
                            ("sending", "Sentence at sending"),
                            ("consent", "Consent to letters"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                ("digest", models.BinaryField(max_length=32)),
                ("since", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
            ],
            options={
                "verbose_name": "version of the privacy wording",
                "verbose_name_plural": "versions of the privacy wording",
                "ordering": ("kind", "language", "-number"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "language", "number"),
                        name="wording_version_once",
                        violation_error_message="This version is there already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["privacy", "sending", "consent"])),
                        name="wording_kind",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("texts", "Texts"),
                            ("photos", "Photos"),
                            ("staff_answers", "Answers for staff only"),
                            ("places", "Exact places"),
                            ("people", "Link to the browser"),
                        ],
                        max_length=16,
                        verbose_name="what",
                    ),
                ),
                ("part", models.CharField(max_length=40, verbose_name="kind")),
                ("day", models.DateField(verbose_name="day")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="number")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retention_records",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "record of retention",
                "verbose_name_plural": "records of retention",
                "ordering": ("-day", "subject", "part"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "part", "day"),
                        name="retention_record_once_a_day",
                        violation_error_message="This is in the record already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionSpan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("texts", "Texts"),
                            ("photos", "Photos"),
                            ("staff_answers", "Answers for staff only"),
                            ("places", "Exact places"),
                            ("people", "Link to the browser"),
                        ],
                        max_length=16,
                        verbose_name="what",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="months after the end"
                    ),
                ),
                ("until", models.DateField(editable=False, null=True, verbose_name="until")),
                (
                    "warned_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="staff were warned"),
                ),
                ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="removed")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retention_spans",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "retention span",
                "verbose_name_plural": "retention spans",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "subject"),
                        name="retention_once_per_campaign",
                        violation_error_message="This campaign has a date for this already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject__in", ["texts", "photos", "staff_answers", "places", "people"])
                        ),
                        name="retention_subject",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months", None), ("months__range", (1, 240)), _connector="OR"),
                        name="retention_months",
                        violation_error_message="Please give from 1 to 240 months.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql=[
                PROMISED,
                SPAN,
                "CREATE TRIGGER mapping_retention_until BEFORE INSERT OR UPDATE OF months, until, campaign_id, subject"
                " ON mapping_retentionspan FOR EACH ROW EXECUTE FUNCTION mapping_retention_until()",
                PERIOD,
                "CREATE TRIGGER mapping_retention_follows AFTER UPDATE OF closes_at ON mapping_campaign FOR EACH ROW"
                " WHEN (OLD.closes_at IS DISTINCT FROM NEW.closes_at)"
                " EXECUTE FUNCTION mapping_retention_follows()",
                REMOVAL,
                "CREATE CONSTRAINT TRIGGER mapping_retention_stays AFTER DELETE ON mapping_retentionspan"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mapping_retention_stays()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_retention_stays ON mapping_retentionspan",
                "DROP FUNCTION mapping_retention_stays()",
                "DROP TRIGGER mapping_retention_follows ON mapping_campaign",
                "DROP FUNCTION mapping_retention_follows()",
                "DROP TRIGGER mapping_retention_until ON mapping_retentionspan",
                "DROP FUNCTION mapping_retention_until()",
                "DROP FUNCTION mapping_has_promised(bigint)",
            ],
        ),
    ]
