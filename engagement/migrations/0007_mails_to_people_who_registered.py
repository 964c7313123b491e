import django.db.models.deletion
from django.db import migrations, models


_UNKNOWN = "Please choose one of the values that are offered."


class Migration(migrations.Migration):
    """The ledger of mails holds those to people who registered; reminders of dates."""

    dependencies = [
        ("engagement", "0006_documents_of_drafts_stay_hidden"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="reminded_for",
            field=models.DateTimeField(blank=True, null=True, verbose_name="reminded of the start at"),
        ),
        migrations.AddField(
            model_name="letter",
            name="registration",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="letters", to="engagement.registration", verbose_name="registration"),
        ),
        migrations.AddField(
            model_name="letter",
            name="about",
            field=models.CharField(blank=True, choices=[("state", "Registration as it is"), ("moved_up", "Free place"), ("changed", "Date moved"), ("cancelled", "Date cancelled"), ("reminder", "Date soon")], db_default="", default="", max_length=10, verbose_name="about"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(choices=[("confirmation", "Confirmation"), ("overview", "Overview of subscriptions"), ("news", "News"), ("staff", "Digest for staff"), ("registration", "Registration for a date")], max_length=12, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="happening",
            name="kind",
            field=models.CharField(choices=[("campaign", "New participation"), ("outcome", "Results of a participation"), ("contribution", "New contribution"), ("reply", "Reply by the city"), ("review", "Review of a contribution"), ("event", "New date"), ("moved", "Date moved"), ("cancelled", "Date cancelled"), ("reminder", "Date soon"), ("update", "News"), ("document", "New document"), ("version", "New version of a document"), ("plan", "New plan"), ("plan_change", "Change of a plan")], max_length=12, verbose_name="kind"),
        ),
        migrations.RemoveConstraint(model_name="happening", name="happening_kind"),
        migrations.AddConstraint(
            model_name="happening",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["campaign", "outcome", "contribution", "reply", "review", "event", "moved", "cancelled", "reminder", "update", "document", "version", "plan", "plan_change"])), name="happening_kind", violation_error_message=_UNKNOWN),
        ),
        migrations.RemoveConstraint(model_name="letter", name="letter_kind"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", ["confirmation", "overview", "news", "staff", "registration"])), name="letter_kind", violation_error_message=_UNKNOWN),
        ),
        migrations.RemoveConstraint(model_name="letter", name="letter_to_somebody"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(kind="staff", user__isnull=False, subscriber=None, registration=None)
                | models.Q(kind="registration", registration__isnull=False, subscriber=None, user=None)
                | (
                    ~models.Q(kind__in=("staff", "registration"))
                    & models.Q(subscriber__isnull=False, user=None, registration=None)
                ),
                name="letter_to_one_reader",
                violation_error_message="A mail goes to a subscriber, to a member of staff or to somebody who registered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind="registration", about__in=["state", "moved_up", "changed", "cancelled", "reminder"]
                )
                | (~models.Q(kind="registration") & models.Q(about="")),
                name="letter_about",
                violation_error_message="Please choose what the mail is about.",
            ),
        ),
    ]
