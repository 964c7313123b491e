"""Who may edit the city's page without being an administrator."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0005_may_make_campaigns")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="user",
            name="may_edit_city",
            field=models.BooleanField(
                # In the database, too: the version before this one still makes accounts.
                db_default=False,
                default=False,
                help_text="Changes name, logo, colour, imprint, contact and boundary of the city.",
                verbose_name="may edit the city's page",
            ),
        ),
    ]
