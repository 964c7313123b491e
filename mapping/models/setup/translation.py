"""Texts of a campaign in further languages."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.languages import TAGS
from mapping.models.campaign import Campaign
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.texts import PlainText


class TextOf(models.TextChoices):
    """What a text belongs to."""

    CAMPAIGN = "campaign", _("Campaign")
    PHASE = "phase", _("Phase")
    CATEGORY = "category", _("Category")
    QUESTION = "question", _("Question")


class Translation(models.Model):
    """One text of a campaign in another language.

    `kind` and `object_id` name the row that has the text, `field` its place there: a column ("title", "help_text"), the
    alternative text of the title picture ("picture"), or a place in a question's options ("choices.red", "alts.red",
    "rows.r1", "maximum_title", "unit"): `mapping.translated.texts`.

    `original` is the text that was translated: where it is another one by now, the translation is out of date. Goes
    with its row, whatever way that is deleted (triggers of migration `0031_translations`).
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="translations", verbose_name=_("campaign")
    )
    language = models.CharField(_("language"), max_length=20)
    kind = models.CharField(_("text of"), max_length=8, choices=TextOf.choices)
    object_id = models.BigIntegerField()
    field = models.CharField(_("text"), max_length=200)
    text = PlainText(_("translation"))
    original = PlainText(_("original"))

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        default_permissions = ()
        ordering = ("campaign", "language", "kind", "object_id", "field")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("campaign", "language", "kind", "object_id", "field"),
                name="translation_once",
                violation_error_message=_("This text has a translation in this language already."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=TAGS),
                name="translation_language",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=TextOf.values),
                name="translation_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=TextOf.CAMPAIGN) | models.Q(object_id=models.F("campaign")),
                name="translation_of_own_campaign",
                violation_error_message=_("A text can be translated in its own campaign only."),
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="translation_not_empty",
                violation_error_message=_("A translation needs a text."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.language} · {self.kind} {self.object_id} · {self.field}"
