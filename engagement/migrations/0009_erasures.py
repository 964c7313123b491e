"""Erasures of this app are noted in the ledger of `mapping`."""

from django.db import migrations

from mapping.models.restoring.erasure import erasure_trigger

TRIGGERS = (
    # What somebody cancelled keeps its number of people, without name and address.
    erasure_trigger("engagement_registration", "registration", ("id",), emptied="mail"),
    erasure_trigger("engagement_subscriber", "subscriber", ("id",)),
    erasure_trigger("engagement_subscription", "subscription", ("id",)),
    erasure_trigger("engagement_planproposal", "proposal", ("id",)),
    erasure_trigger("engagement_bodymember", "member", ("id",)),
    erasure_trigger("engagement_document", "document", ("id",)),
    erasure_trigger("engagement_documentversion", "version", ("id",)),
    erasure_trigger("engagement_image", "image", ("id",)),
    erasure_trigger("engagement_update", "update", ("id",)),
)


class Migration(migrations.Migration):
    dependencies = [("engagement", "0008_state_of_the_calendar"), ("mapping", "0046_erasures")]

    operations = [migrations.RunSQL(sql=create, reverse_sql=drop) for create, drop in TRIGGERS]
