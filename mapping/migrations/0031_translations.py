"""Texts of campaigns in further languages."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from mapping.models.change import revision_triggers

TAGS = (
    *("de", "de-simple", "en", "am", "ar", "bg", "bs", "ckb", "cs", "da", "el", "es", "fa"),
    *("fr", "hi", "hr", "hsb", "hu", "it", "kmr", "mk", "nds", "nl", "pl", "ps", "pt"),
    *("ro", "ru", "sk", "so", "sq", "sr", "ta", "ti", "tr", "uk", "ur", "vi", "zh"),
)
UNKNOWN_VALUE = "Please choose one of the values that are offered."
OWNERS = ("phase", "category", "question")
GONE = """
CREATE FUNCTION mapping_translation_follow() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    DELETE FROM mapping_translation WHERE kind = TG_ARGV[0] AND object_id IN (SELECT id FROM gone);
    RETURN NULL;
END
$function$
"""


def noted() -> migrations.RunSQL:
    """Let changes of the table be noted: public pages show its texts."""
    create, drop = revision_triggers("mapping_translation", "SELECT campaign_id FROM {rows}")
    return migrations.RunSQL(sql=create, reverse_sql=drop)


def gone_with_their_rows() -> migrations.RunSQL:
    """Delete translations with what they are translations of; those of a campaign's own texts go by their key."""
    return migrations.RunSQL(
        sql=[
            GONE,
            *(
                f"CREATE TRIGGER mapping_{owner}_translations AFTER DELETE ON mapping_{owner}"
                " REFERENCING OLD TABLE AS gone"
                f" FOR EACH STATEMENT EXECUTE FUNCTION mapping_translation_follow('{owner}')"
                for owner in OWNERS
            ),
        ],
        reverse_sql=[
            *(f"DROP TRIGGER mapping_{owner}_translations ON mapping_{owner}" for owner in OWNERS),
            "DROP FUNCTION mapping_translation_follow()",
        ],
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("mapping", "0030_notes_and_reply_templates")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=20, verbose_name="language")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("campaign", "Campaign"),
                            ("phase", "Phase"),
                            ("category", "Category"),
                            ("question", "Question"),
                        ],
                        max_length=8,
                        verbose_name="text of",
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("field", models.CharField(max_length=200, verbose_name="text")),
                ("text", models.TextField(verbose_name="translation")),
                ("original", models.TextField(verbose_name="original")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="mapping.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "ordering": ("campaign", "language", "kind", "object_id", "field"),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("campaign", "language", "kind", "object_id", "field"),
                        name="translation_once",
                        violation_error_message="This text has a translation in this language already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(language__in=TAGS),
                        name="translation_language",
                        violation_error_message=UNKNOWN_VALUE,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(kind__in=["campaign", *OWNERS]),
                        name="translation_kind",
                        violation_error_message=UNKNOWN_VALUE,
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(kind="campaign") | models.Q(object_id=models.F("campaign")),
                        name="translation_of_own_campaign",
                        violation_error_message="A text can be translated in its own campaign only.",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(text=""),
                        name="translation_not_empty",
                        violation_error_message="A translation needs a text.",
                    ),
                ],
            },
        ),
        # The version that runs meanwhile stores campaigns without these: the database fills them in.
        migrations.AddField(
            model_name="campaign",
            name="language",
            field=models.CharField(
                db_default="de", default="de", max_length=20, verbose_name="language of its texts"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=models.Value([]),
                default=list,
                size=None,
                verbose_name="further languages",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(language__in=TAGS) & models.Q(languages__contained_by=TAGS),
                name="campaign_languages",
                violation_error_message="Please choose languages from the list.",
            ),
        ),
        noted(),
        gone_with_their_rows(),
    ]
