"""Registrations of sites that send no mail have a name only: emptying it is an erasure, too."""

from django.db import migrations

from mapping.models.restoring.erasure import erasure_digest

FUNCTION = """
CREATE OR REPLACE FUNCTION engagement_registration_mail_erased() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO mapping_erasure (digest, kind, day)
    SELECT {digest}, 'registration', (now() AT TIME ZONE 'UTC')::date FROM gone AS one JOIN come ON come.id = one.id
    WHERE {condition}
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$function$
"""
_MAIL = "come.mail = '' AND one.mail <> ''"
_ANY = f"{_MAIL} OR come.name = '' AND one.name <> ''"


def function(condition: str) -> str:
    """The statement that replaces the trigger's function."""
    return FUNCTION.format(digest=erasure_digest("registration", ("id",)), condition=condition)


class Migration(migrations.Migration):
    dependencies = [("engagement", "0012_owners_of_removed_records")]

    operations = [migrations.RunSQL(sql=function(_ANY), reverse_sql=function(_MAIL))]
