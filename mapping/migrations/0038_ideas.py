"""Answers to comments, support for comments, and flags."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Another row decides, which no check constraint can read. A comment that has answers can become none itself.
ONE_LEVEL = """
CREATE FUNCTION mapping_comment_one_level() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    IF EXISTS (SELECT FROM mapping_comment AS answer WHERE answer.parent_id = NEW.id) OR (
        NEW.parent_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM mapping_comment AS parent
            WHERE parent.id = NEW.parent_id AND NOT parent.answers_comment
                AND parent.contribution_id = NEW.contribution_id
        )
    ) THEN
        RAISE EXCEPTION 'an answer is to a comment on the same contribution that is no answer itself'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_one_level';
    END IF;
    RETURN NEW;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mapping", "0037_parts_of_compounds_by_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="answers_comment",
            field=models.BooleanField(db_default=False, default=False, verbose_name="is an answer"),
        ),
        migrations.AddField(
            model_name="comment",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="answers",
                to="mapping.comment",
                verbose_name="answer to",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="support_count",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name="support"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(answers_comment=True),
                name="comment_answer_to_comment",
                violation_error_message="A comment below another one is an answer.",
            ),
        ),
        migrations.CreateModel(
            name="CommentSupport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="created")),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supports",
                        to="mapping.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comment_supports",
                        to="mapping.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "support for a comment",
                "verbose_name_plural": "support for comments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comment", "participant"),
                        name="comment_support_once",
                        violation_error_message="This person supports this comment already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unlawful", "It is unlawful."),
                            ("insulting", "It insults or discriminates against people."),
                            ("personal", "It names or shows a person who can be recognised."),
                            ("advertising", "It is advertising."),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="explanation")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "Left as it is"), ("removed", "Not published any more")],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "comment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="mapping.comment",
                        verbose_name="comment",
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="flags",
                        to="mapping.contribution",
                        verbose_name="contribution",
                    ),
                ),
            ],
            options={
                "verbose_name": "report of content",
                "verbose_name_plural": "reports of content",
                "ordering": ("created_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(contribution=None, comment__isnull=False)
                        | models.Q(contribution__isnull=False, comment=None),
                        name="flag_of_one_thing",
                        violation_error_message="A report is about a contribution or about a comment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            reason__in=["unlawful", "insulting", "personal", "advertising", "other"]
                        ),
                        name="flag_reason",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(reason__in=("unlawful", "other"), text=""),
                        name="flag_explained",
                        violation_error_message="Please explain what is wrong with it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(outcome="", closed_at=None)
                        | models.Q(outcome__in=["kept", "removed"], closed_at__isnull=False),
                        name="flag_closed_with_outcome",
                        violation_error_message="A decision about a report has a time.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            sql=[
                ONE_LEVEL,
                "CREATE TRIGGER mapping_comment_one_level BEFORE INSERT OR UPDATE OF parent_id, answers_comment,"
                " contribution_id ON mapping_comment FOR EACH ROW WHEN (NEW.answers_comment)"
                " EXECUTE FUNCTION mapping_comment_one_level()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_comment_one_level ON mapping_comment",
                "DROP FUNCTION mapping_comment_one_level()",
            ],
        ),
    ]
