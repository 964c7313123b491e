"""Changes of dates are counted, so that each is announced once, and dates that take place after all are announced."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models

KINDS = [
    ("campaign", "New participation"),
    ("outcome", "Results of a participation"),
    ("contribution", "New contribution"),
    ("reply", "Reply by the city"),
    ("review", "Review of a contribution"),
    ("event", "New date"),
    ("moved", "Date moved"),
    ("cancelled", "Date cancelled"),
    ("restored", "Date takes place after all"),
    ("reminder", "Date soon"),
    ("update", "News"),
    ("document", "New document"),
    ("version", "New version of a document"),
    ("plan", "New plan"),
    ("plan_change", "Change of a plan"),
]


class Migration(migrations.Migration):
    dependencies = [("engagement", "0010_mails_that_came_back")]

    operations = [
        migrations.AddField(
            model_name="eventdate",
            name="changes",
            field=models.PositiveIntegerField(
                db_default=0, default=0, editable=False, verbose_name="number of changes"
            ),
        ),
        migrations.AlterField(
            model_name="happening",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="kind"),
        ),
        migrations.RemoveConstraint(model_name="happening", name="happening_kind"),
        AddConstraintNotValid(
            model_name="happening",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=[value for value, _ in KINDS]),
                name="happening_kind",
                violation_error_message="Please choose one of the values that are offered.",
            ),
        ),
        ValidateConstraint(model_name="happening", name="happening_kind"),
    ]
