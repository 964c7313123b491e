"""Ballots that voters take back are noted in the ledger of `mapping`."""

from django.db import migrations

from mapping.models.restoring.erasure import erasure_trigger

CREATE, DROP = erasure_trigger("voting_ballot", "ballot", ("id", "created_at"))


class Migration(migrations.Migration):
    dependencies = [("voting", "0004_choices_counted_from_an_index"), ("mapping", "0046_erasures")]

    operations = [migrations.RunSQL(sql=CREATE, reverse_sql=DROP)]
