from django.db import migrations, models

DOORS = [
    ("password", "Log-in"),
    ("provider", "Log-in at a provider"),
    ("second_factor", "Second factor"),
    ("passkey", "Log-in with a passkey"),
    ("again", "Proof once more"),
    ("password_change", "Change of the password"),
    ("password_reset", "Link for a new password"),
    ("token", "API token"),
    ("private_link", "Private link"),
]


class Migration(migrations.Migration):
    dependencies = [("doors", "0003_second_factors_and_sessions")]

    operations = [
        migrations.RemoveConstraint(model_name="loginrecord", name="log_in_record_door"),
        migrations.AlterField(
            model_name="loginrecord",
            name="door",
            field=models.CharField(choices=DOORS, max_length=20, verbose_name="where"),
        ),
        migrations.AddConstraint(
            model_name="loginrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(door__in=[value for value, _ in DOORS]),
                name="log_in_record_door",
                violation_error_message="Please choose one of the values that are offered.",
            ),
        ),
    ]
