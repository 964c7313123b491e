"""Tags of free texts. Triggers let them follow the texts, whatever way a response takes."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# The text goes (emptied, hidden by a condition, its question removed with the answers): its tags go. It changes: its
# tags are marked. Answers that only move between the two columns stay the same text.
FOLLOW = """
CREATE FUNCTION mapping_follow_texts() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    before jsonb := OLD.answers || OLD.staff_answers;
    after jsonb := NEW.answers || NEW.staff_answers;
BEGIN
    IF before IS DISTINCT FROM after THEN
        DELETE FROM mapping_taggedtext WHERE response_id = NEW.id AND NOT after ? writing;
        UPDATE mapping_taggedtext SET is_stale = true
            WHERE response_id = NEW.id AND NOT is_stale AND before ->> writing IS DISTINCT FROM after ->> writing;
    END IF;
    RETURN NULL;
END
$function$
"""


class Migration(migrations.Migration):
    dependencies = [("mapping", "0034_comparisons")]

    operations = [
        migrations.CreateModel(
            name="TextTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("circle", "Circle"),
                            ("square", "Square"),
                            ("diamond", "Diamond"),
                            ("triangle", "Triangle"),
                            ("hexagon", "Hexagon"),
                            ("drop", "Drop"),
                        ],
                        default="circle",
                        max_length=8,
                        verbose_name="mark",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_tags",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag of texts",
                "verbose_name_plural": "tags of texts",
                "ordering": ("campaign", "name"),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TaggedText",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("writing", models.CharField(max_length=90, verbose_name="text")),
                (
                    "is_stale",
                    models.BooleanField(default=False, verbose_name="the text was changed since"),
                ),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_tags",
                        to="mapping.response",
                        verbose_name="response",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="mapping.texttag",
                        verbose_name="tag of texts",
                    ),
                ),
            ],
            options={
                "verbose_name": "tagged text",
                "verbose_name_plural": "tagged texts",
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="texttag",
            constraint=models.UniqueConstraint(
                models.F("campaign"),
                django.db.models.functions.text.Lower("name"),
                name="text_tag_name_once",
                violation_error_message="This survey has a tag with this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="texttag",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="text_tag_named",
                violation_error_message="Please give the tag a name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="texttag",
            constraint=models.CheckConstraint(
                condition=models.Q(("mark__in", ["circle", "square", "diamond", "triangle", "hexagon", "drop"])),
                name="text_tag_mark",
                violation_error_message="Please choose one of the values that are offered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="taggedtext",
            constraint=models.UniqueConstraint(
                fields=("response", "writing", "tag"),
                name="tagged_text_once",
                violation_error_message="This text has this tag already.",
            ),
        ),
        migrations.RunSQL(
            sql=[
                FOLLOW,
                "CREATE TRIGGER mapping_response_follow_texts AFTER UPDATE OF answers, staff_answers ON mapping_response"
                " FOR EACH ROW EXECUTE FUNCTION mapping_follow_texts()",
            ],
            reverse_sql=[
                "DROP TRIGGER mapping_response_follow_texts ON mapping_response",
                "DROP FUNCTION mapping_follow_texts()",
            ],
        ),
    ]
