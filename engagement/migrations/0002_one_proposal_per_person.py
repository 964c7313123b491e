from django.db import migrations, models


class Migration(migrations.Migration):
    """Everybody proposes participation once per plan."""

    dependencies = [
        ("engagement", "0001_dates_and_papers"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="planproposal",
            constraint=models.UniqueConstraint(
                fields=("plan", "author_key"),
                name="planproposal_once_per_person",
                violation_error_message="You have already proposed participation for this plan.",
            ),
        ),
    ]
