import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("doors", "0002_say_what_constraints_refuse"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="loginrecord", name="log_in_record_door"),
        migrations.AlterField(
            model_name="loginrecord",
            name="door",
            field=models.CharField(
                choices=[
                    ("password", "Log-in"),
                    ("second_factor", "Second factor"),
                    ("passkey", "Log-in with a passkey"),
                    ("again", "Proof once more"),
                    ("password_change", "Change of the password"),
                    ("password_reset", "Link for a new password"),
                    ("token", "API token"),
                    ("private_link", "Private link"),
                ],
                max_length=20,
                verbose_name="where",
            ),
        ),
        migrations.AddConstraint(
            model_name="loginrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "door__in",
                        [
                            "password",
                            "second_factor",
                            "passkey",
                            "again",
                            "password_change",
                            "password_reset",
                            "token",
                            "private_link",
                        ],
                    )
                ),
                name="log_in_record_door",
                violation_error_message="Please choose one of the values that are offered.",
            ),
        ),
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("session_key", models.CharField(max_length=40, unique=True)),
                ("signed_in_at", models.DateTimeField(verbose_name="logged in")),
                ("seen_at", models.DateTimeField(db_index=True, verbose_name="last seen")),
                ("device", models.CharField(blank=True, max_length=60, verbose_name="device")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ("-seen_at", "-pk"),
                "default_permissions": (),
            },
        ),
    ]
