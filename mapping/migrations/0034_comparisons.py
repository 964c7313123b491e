"""Reference distributions of questions. Their sizes are added up by a function, since a check knows no sums."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, In, LessThanOrEqual

import mapping.models.checks
import mapping.models.survey.comparison
import mapping.models.texts

_TOTAL = """
CREATE FUNCTION mapping_groups_total(groups jsonb) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $function$
    SELECT CASE WHEN bool_and(
            size >= 0 AND jsonb_typeof(one -> 'title') = 'string' AND jsonb_typeof(one -> 'choices') = 'array'
        ) THEN sum(size) ELSE -1 END
    FROM jsonb_array_elements(CASE jsonb_typeof(groups) WHEN 'array' THEN groups ELSE '[]' END) AS one,
        LATERAL (
            SELECT CASE jsonb_typeof(one -> 'size') WHEN 'number' THEN (one ->> 'size')::numeric ELSE -1 END
        ) AS sizes (size)
$function$
"""


def _total():
    return mapping.models.survey.comparison.GroupsTotal(F("groups"))


class Migration(migrations.Migration):
    dependencies = [("mapping", "0033_the_city")]

    operations = [
        migrations.RunSQL(_TOTAL, "DROP FUNCTION mapping_groups_total"),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("age", "Age groups"),
                            ("residence", "Districts where people live"),
                            ("gender", "Gender"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="divided by",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("people", "Numbers of people"), ("per_cent", "Shares in per cent")],
                        max_length=8,
                        verbose_name="the numbers are",
                    ),
                ),
                ("groups", mapping.models.texts.PlainJSON(default=list, verbose_name="groups")),
                ("source", mapping.models.texts.PlainLine(max_length=300, verbose_name="source")),
                ("as_of", models.DateField(verbose_name="as of")),
                (
                    "is_public",
                    models.BooleanField(default=False, verbose_name="shown beside the public results"),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="changed")),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comparison",
                        to="mapping.question",
                        verbose_name="question",
                    ),
                ),
            ],
            options={
                "verbose_name": "comparison",
                "verbose_name_plural": "comparisons",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(about__in=["age", "residence", "gender", "other"]),
                        name="comparison_about",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=Q(unit__in=["people", "per_cent"]),
                        name="comparison_unit",
                        violation_error_message="Please choose one of the values that are offered.",
                    ),
                    models.CheckConstraint(
                        condition=Q(In(mapping.models.checks.JsonType(F("groups")), [Value("array")])),
                        name="comparison_groups_array",
                        violation_error_message="This must be a JSON object with names and values.",
                    ),
                    models.CheckConstraint(
                        condition=~Q(source=""),
                        name="comparison_has_source",
                        violation_error_message="Please name the source of the numbers.",
                    ),
                    models.CheckConstraint(
                        condition=Q(GreaterThan(_total(), Value(0)))
                        & (
                            ~Q(unit="per_cent")
                            | Q(GreaterThanOrEqual(_total(), Value(99)))
                            & Q(LessThanOrEqual(_total(), Value(101)))
                        ),
                        name="comparison_total",
                        violation_error_message=(
                            "Shares must add up to about 100 per cent, numbers of people to more than nobody."
                        ),
                    ),
                ],
            },
        ),
    ]
