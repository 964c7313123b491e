"""Suggested wordings: other words for a part of a section, and what became of them."""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models import Comment
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.texts import PlainText
from texts.models.text import Text
from texts.models.version import TextVersion, Wording

LONGEST_CONTEXT: Final = 64
"""Most characters of the words before and after a quote: enough to find it again."""
LONGEST_QUOTE: Final = 2000
"""Most characters of a quote, and of what shall stand there instead."""


class Fate(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("Not decided yet")
    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Adopted in part")
    DECLINED = "declined", _("Not adopted")


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Suggestions as pages, the API and files read them."""

    def public(self) -> "SuggestionQuerySet":
        """Suggestions that everyone may read: their comments are public."""
        return self.filter(
            comment__in=Comment.objects.published().values("pk"),
            wording__in=Wording.objects.public().values("pk"),
        )

    def of(self, text: Text) -> "SuggestionQuerySet":
        """The suggestions for a text, in the order of its sections, the oldest first."""
        found = self.filter(wording__version__text=text)
        return found.order_by("wording__section__contribution__position", "comment__created_at", "pk")


SuggestionManager = models.Manager.from_queryset(SuggestionQuerySet)


class Suggestion(models.Model):
    """Other words for a part of a wording: what a comment on a section suggests.

    The part is quoted as a TextQuoteSelector of the W3C (Web Annotation Data Model, section 4.2.4): offsets shift with
    every edit, words are found again. `exact` may be empty, where words are added behind `prefix`. It is moderated and
    erased with its comment, whose text must hold all of it in words, since that is what moderators read. `adopted_in`
    may be the draft: the public reads its number once that is published.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, related_name="suggestion", verbose_name=_("comment")
    )
    wording = models.ForeignKey(
        Wording, on_delete=models.CASCADE, related_name="suggestions", verbose_name=_("wording")
    )
    prefix = models.CharField(_("words before it"), max_length=LONGEST_CONTEXT, blank=True)
    exact = models.TextField(_("quoted words"), max_length=LONGEST_QUOTE, blank=True)
    suffix = models.CharField(_("words behind it"), max_length=LONGEST_CONTEXT, blank=True)
    replacement = models.TextField(_("suggested words"), max_length=LONGEST_QUOTE, blank=True)
    fate = models.CharField(
        _("what became of it"), max_length=10, choices=Fate.choices, default=Fate.OPEN, db_index=True
    )
    reason = PlainText(_("reason"), blank=True)
    adopted_in = models.ForeignKey(
        TextVersion,
        on_delete=models.SET_NULL,
        null=True,
        related_name="adopted",
        verbose_name=_("version with it"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    objects: ClassVar = SuggestionManager()

    class Meta:
        verbose_name = _("suggested wording")
        verbose_name_plural = _("suggested wordings")
        ordering = ("comment__created_at", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(fate__in=Fate.values),
                name="suggestion_fate",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=~models.Q(exact=models.F("replacement")),
                name="suggestion_changes_something",
                violation_error_message=_("The suggested words are those that stand there already."),
            ),
            models.CheckConstraint(
                condition=models.Q(fate=Fate.OPEN, decided_at=None, adopted_in=None)
                | ~models.Q(fate=Fate.OPEN) & models.Q(decided_at__isnull=False),
                name="suggestion_decided_or_open",
                violation_error_message=_("A decision has a moment, an open suggestion has none."),
            ),
            models.CheckConstraint(
                condition=~models.Q(fate=Fate.DECLINED) | ~models.Q(reason="") & models.Q(adopted_in=None),
                name="suggestion_declined_with_a_reason",
                violation_error_message=_("Please write why the suggestion was not adopted."),
            ),
        )

    def __str__(self) -> str:
        return self.replacement[:60] or self.exact[:60]
