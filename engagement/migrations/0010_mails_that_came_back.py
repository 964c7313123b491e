"""When a mail came back is noted at the mail, so that each counts once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagement", "0009_erasures")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="returned_at",
            field=models.DateTimeField(null=True, verbose_name="came back"),
        ),
    ]
