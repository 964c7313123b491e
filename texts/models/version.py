"""Versions of a text, and the wording of each section in each version."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.texts import PlainLine, PlainText
from texts.models.text import LOWEST_LEVEL, UNNUMBERED, Section, Text

LONGEST_HEADING: Final = 120
"""As long as the title of a contribution."""


class TextVersionQuerySet(models.QuerySet["TextVersion"]):
    """Versions as pages and the API read them."""

    def public(self) -> "TextVersionQuerySet":
        """Versions that everyone may read: published ones of public texts."""
        return self.filter(published_at__isnull=False, text__in=Text.objects.public().values("pk"))

    def published(self) -> "TextVersionQuerySet":
        """For members of a campaign, too: versions that were published."""
        return self.filter(published_at__isnull=False)

    def drafts(self) -> "TextVersionQuerySet":
        """For staff: what is edited and not published; one of each text at most."""
        return self.filter(published_at=None)


TextVersionManager = models.Manager.from_queryset(TextVersionQuerySet)


class TextVersion(models.Model):
    """A state of a text, numbered from 1; published ones never change.

    Comments and support belong to the version that was the newest one when they were made (`version_at`): what was
    written on an older wording says so. There is no second record of that.
    """

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="versions", verbose_name=_("text"))
    number = models.PositiveSmallIntegerField(_("number"))
    note = PlainLine(_("what changed"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    objects: ClassVar = TextVersionManager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("text", "-number")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("text", "number"),
                name="textversion_number_once",
                violation_error_message=_("This text has a version with this number already."),
            ),
            models.UniqueConstraint(
                fields=("text",),
                condition=models.Q(published_at=None),
                name="textversion_one_draft",
                violation_error_message=_("This text has a draft already."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1),
                name="textversion_number_from_one",
                violation_error_message=_("Versions are numbered from 1."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.text_id} · {self.number}"


def version_at(published: Sequence[TextVersion], moment: datetime) -> TextVersion | None:
    """The version that was the newest one at a moment: what a comment or support of that moment was about.

    `published` are the published versions of a text in any order.
    """
    before = [one for one in published if one.published_at is not None and one.published_at <= moment]
    return max(before, key=lambda one: one.number, default=None)


class WordingQuerySet(models.QuerySet["Wording"]):
    """Wordings as pages and the API read them."""

    def public(self) -> "WordingQuerySet":
        """Wordings that everyone may read: of published versions, of sections whose contribution is public."""
        return self.filter(
            version__in=TextVersion.objects.public().values("pk"),
            section__in=Section.objects.public().values("pk"),
        )

    def in_order(self) -> "WordingQuerySet":
        """As in the text."""
        return self.order_by("version", "position", "pk")


WordingManager = models.Manager.from_queryset(WordingQuerySet)


class Wording(models.Model):
    """How a section reads in a version. A section without a wording in a version is not in it.

    `body` is plain text: paragraphs with empty lines between them, items of lists begin with "- " or a number, rows of
    tables have " | " between their cells. `level` is the heading's, from 1; 0 is a chapter without a number. The number
    that people read ("2.1") is computed from level and order (`texts.reading.numbers`), never stored.
    """

    version = models.ForeignKey(
        TextVersion, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("version")
    )
    section = models.ForeignKey(
        Section, on_delete=models.CASCADE, related_name="wordings", verbose_name=_("section")
    )
    heading = PlainLine(_("heading"), max_length=LONGEST_HEADING)
    body = PlainText(_("text"), blank=True)
    level = models.PositiveSmallIntegerField(_("level"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar = WordingManager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("version", "position", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("version", "section"),
                name="wording_once_per_section",
                violation_error_message=_("A version has each section once."),
            ),
            models.CheckConstraint(
                condition=models.Q(level__gte=UNNUMBERED, level__lte=LOWEST_LEVEL),
                name="wording_level",
                violation_error_message=_("The level of a heading is 1 to 6, or 0 without a number."),
            ),
            models.CheckConstraint(
                condition=~models.Q(heading=""),
                name="wording_has_a_heading",
                violation_error_message=_("A section needs a heading."),
            ),
        )

    def __str__(self) -> str:
        return self.heading
