"""Texts that people discuss, and their sections: what keeps an identity and an address through all versions."""

from typing import TYPE_CHECKING, ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Category, Contribution, Publication
from mapping.models.contribution import new_contribution_id

if TYPE_CHECKING:
    from texts.models.version import TextVersion

MOST_SECTIONS: Final = 500
"""Most sections of a version; as many places of the city have an order."""
UNNUMBERED: Final = 0
"""The level of a preamble: it reads as a chapter and has no number."""
LOWEST_LEVEL: Final = 6
"""Levels of headings: 1 is a chapter, 6 the lowest."""


class TextQuerySet(models.QuerySet["Text"]):
    """Texts as pages and the API read them."""

    def public(self) -> "TextQuerySet":
        """Texts that everyone may read: of public campaigns without protection, published at least once."""
        return self.filter(
            category__campaign__is_draft=False,
            category__campaign__publication=Publication.POINTS,
            versions__published_at__isnull=False,
        ).distinct()

    def of(self, campaign: Campaign) -> "TextQuerySet":
        """The texts of a campaign in the order of its categories."""
        return self.filter(category__campaign=campaign).order_by("category__position", "category__pk")


TextManager = models.Manager.from_queryset(TextQuerySet)


class Text(models.Model):
    """A category that is shown as a numbered text. Its title and introduction are those of the category.

    What people read is the newest published version; a version that is not published is the draft that planners edit
    (`TextVersion`). Contributions of the category are the sections, as published last.
    """

    category = models.OneToOneField(
        Category, on_delete=models.CASCADE, related_name="discussed_text", verbose_name=_("category")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar = TextManager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("category",)

    def __str__(self) -> str:
        return self.category.title

    @property
    def campaign(self) -> Campaign:
        """The campaign of the category."""
        return self.category.campaign


class SectionQuerySet(models.QuerySet["Section"]):
    """Sections as pages and the API read them."""

    def public(self) -> "SectionQuerySet":
        """Sections that everyone may read, or could read once: of public texts, published at least once."""
        return self.filter(
            contribution__in=Contribution.objects.published(), text__in=Text.objects.public().values("pk")
        )

    def standing(self) -> "SectionQuerySet":
        """Sections of the newest published version."""
        return self.filter(gone_since=None, contribution__isnull=False)


SectionManager = models.Manager.from_queryset(SectionQuerySet)


class Section(models.Model):
    """What stays of a section while its wording, number and place in the text change: its id, hence its address.

    `contribution` is the contribution of the city with the same id, made when the section is first published: heading,
    body and order of the newest published version are its title, text and position; comments and support are on it. A
    section without one was never public. `gone_since` is the first published version without it; its contribution with
    what people wrote stays.
    """

    id = models.UUIDField(primary_key=True, default=new_contribution_id, editable=False)
    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="sections", verbose_name=_("text"))
    contribution = models.OneToOneField(
        Contribution,
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="section",
        verbose_name=_("contribution"),
    )
    gone_since: "models.ForeignKey[TextVersion | None, TextVersion | None]" = models.ForeignKey(
        "TextVersion",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="gone",
        verbose_name=_("gone since"),
    )

    objects: ClassVar = SectionManager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ("text", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(contribution=None) | models.Q(contribution=models.F("id")),
                name="section_is_its_contribution",
                violation_error_message=_("A section and its contribution have the same id."),
            ),
            models.CheckConstraint(
                condition=models.Q(gone_since=None) | models.Q(contribution__isnull=False),
                name="section_gone_was_public",
                violation_error_message=_("Only a section that was published can be gone."),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
