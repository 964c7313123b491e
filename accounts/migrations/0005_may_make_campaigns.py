"""Who may make campaigns without being an administrator."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_give_tokens_a_scope")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="user",
            name="may_make_campaigns",
            field=models.BooleanField(
                default=False,
                help_text="Makes new campaigns on the planners' pages and manages these.",
                verbose_name="may make campaigns",
            ),
        ),
    ]
