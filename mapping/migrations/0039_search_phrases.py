"""The search understands words in quotation marks."""

from django.db import migrations

from mapping.models.search.functions import CREATE


class Migration(migrations.Migration):
    dependencies = [("mapping", "0038_ideas")]

    operations = [migrations.RunSQL(sql=CREATE[-1], reverse_sql=migrations.RunSQL.noop)]
