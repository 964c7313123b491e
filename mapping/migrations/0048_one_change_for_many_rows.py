"""A statement that changes many rows of a campaign notes one change of it, not one for each row.

`clock_timestamp()` had made every row of `SELECT DISTINCT` another one: an import of a million rows in one statement noted as
many changes, and compared each with all of them.
"""

from importlib import import_module

from django.db import migrations

_BEFORE: str = import_module("mapping.migrations.0012_change").NOTE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_ONCE = _BEFORE.replace(
    "BEGIN\n",
    "BEGIN\n    campaigns := ARRAY(SELECT DISTINCT campaign FROM unnest(campaigns) AS campaign);\n",
    1,
)


class Migration(migrations.Migration):
    dependencies = [("mapping", "0047_promises_kept_by_restores")]

    operations = [migrations.RunSQL(sql=_ONCE, reverse_sql=_BEFORE)]
