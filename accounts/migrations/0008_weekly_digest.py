from django.db import migrations, models


class Migration(migrations.Migration):
    """Staff may order a weekly mail about what waits."""

    dependencies = [
        ("accounts", "0007_dates_and_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="digest_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="weekly digest looked into"),
        ),
    ]
