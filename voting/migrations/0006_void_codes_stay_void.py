"""Voting codes that were replaced, and series that were deleted, are noted: a restored backup must not accept them."""

from django.db import migrations

from mapping.models.restoring.erasure import erasure_digest, erasure_trigger

CREATE, DROP = erasure_trigger("voting_codeseries", "code_series", ("id", "created_at"))
VOIDED = f"""
CREATE FUNCTION voting_votingcode_erased() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO mapping_erasure (digest, kind, day)
    SELECT {erasure_digest("code", ("digest",))}, 'code', (now() AT TIME ZONE 'UTC')::date
    FROM gone AS one JOIN come ON come.id = one.id WHERE come.voided_at IS NOT NULL AND one.voided_at IS NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$function$
"""  # noqa: S608 - constants


class Migration(migrations.Migration):
    dependencies = [("voting", "0005_erasures"), ("mapping", "0046_erasures")]

    operations = [
        migrations.RunSQL(sql=CREATE, reverse_sql=DROP),
        migrations.RunSQL(
            sql=[
                VOIDED,
                "CREATE TRIGGER voting_votingcode_erased AFTER UPDATE ON voting_votingcode"
                " REFERENCING OLD TABLE AS gone NEW TABLE AS come"
                " FOR EACH STATEMENT EXECUTE FUNCTION voting_votingcode_erased()",
            ],
            reverse_sql=[
                "DROP TRIGGER voting_votingcode_erased ON voting_votingcode",
                "DROP FUNCTION voting_votingcode_erased()",
            ],
        ),
    ]
