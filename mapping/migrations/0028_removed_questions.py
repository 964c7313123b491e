"""Questions that are asked no more but whose answers stay: files have them, and those for staff stay apart."""

from importlib import import_module
from typing import ClassVar

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.lookups import In

from mapping.models.change import revision_triggers
from mapping.models.checks import JsonType

CAMPAIGNS = (
    "SELECT coalesce(rows.campaign_id, category.campaign_id) FROM {rows}"
    " LEFT JOIN mapping_category AS category ON category.id = rows.category_id"
)
KINDS = {
    "text": "Short text",
    "long_text": "Long text",
    "single_choice": "One choice",
    "multiple_choice": "Several choices",
    "scale": "Scale",
    "number": "Number",
    "yes_no": "Yes or no",
    "time_of_day": "Time of day",
    "date": "Date",
    "part_of_day": "Part of the day",
    "picture_choice": "Choice of a picture",
    "ranking": "Ranking",
    "matrix": "Matrix of statements",
    "place": "Place on the map",
    "note": "Heading and explanation",
}
BEFORE = (
    "FROM mapping_question AS question\n"
    "        WHERE question.audience = 'staff' AND question.{owner} = NEW.{owner};"
)
NOW = (
    "FROM (\n"
    "        SELECT slug, audience, {owner} FROM mapping_question\n"
    "        UNION ALL SELECT slug, audience, {owner} FROM mapping_removedquestion\n"
    "    ) AS question WHERE question.audience = 'staff' AND question.{owner} = NEW.{owner};"
)


def apart(table: str, owner: str) -> migrations.RunSQL:
    """The function of `0027_survey_counts` that knows removed questions, too."""
    written = str(import_module("mapping.migrations.0027_survey_counts").KEEP_APART)
    written = written.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    if written.count(BEFORE) != 1:
        raise AssertionError("0027_survey_counts was changed.")
    return migrations.RunSQL(
        sql=written.replace(BEFORE, NOW).replace("{table}", table).replace("{owner}", owner),
        reverse_sql=written.replace("{table}", table).replace("{owner}", owner),
    )


def noted() -> migrations.RunSQL:
    """Let changes of the table be noted: files have its titles."""
    create, drop = revision_triggers("mapping_removedquestion", CAMPAIGNS)
    return migrations.RunSQL(sql=create, reverse_sql=drop)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0027_survey_counts")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RemovedQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80)),
                ("title", models.CharField(max_length=200)),
                ("help_text", models.CharField(blank=True, max_length=300)),
                ("kind", models.CharField(choices=list(KINDS.items()), max_length=16)),
                ("required", models.BooleanField(default=False)),
                ("options", models.JSONField(blank=True, default=dict)),
                (
                    "audience",
                    models.CharField(
                        choices=[("public", "Everyone"), ("staff", "Only staff")],
                        default="public",
                        max_length=8,
                    ),
                ),
                (
                    "results",
                    models.CharField(
                        choices=[("live", "At once"), ("after", "After the end"), ("never", "Never")],
                        default="live",
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("removed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "campaign",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removed_survey_questions",
                        to="mapping.campaign",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="removed_questions",
                        to="mapping.category",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "slug"),
                        name="removedquestion_slug_once_per_category",
                        violation_error_message="This category has a question with this short name already.",
                    ),
                    models.UniqueConstraint(
                        fields=("campaign", "slug"),
                        name="removedquestion_slug_once_per_survey",
                        violation_error_message="This survey has a question with this short name already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("category", None), ("campaign", None), _connector="XOR"),
                        name="removedquestion_of_category_or_survey",
                        violation_error_message="A question belongs either to a category or to a survey.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", list(KINDS))),
                        name="removedquestion_kind",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["public", "staff"])),
                        name="removedquestion_audience",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("results__in", ["live", "after", "never"])),
                        name="removedquestion_results",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(In(JsonType(models.F("options")), [models.Value("object")])),
                        name="removedquestion_options_object",
                        violation_error_message="This must be a JSON object with names and values.",
                    ),
                ],
            },
        ),
        noted(),
        apart("contribution", "category_id"),
        apart("response", "campaign_id"),
    ]
