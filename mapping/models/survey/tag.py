"""Tags by which staff sort the free texts of a survey."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign, Marker
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.survey.response import Response
from mapping.models.texts import PlainLine


class TextTag(models.Model):
    """What a text is about, in the words of the staff ("dark", "no cycle path"); never public.

    `mark` is a shape beside the name, so that tags are told apart without colours.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="text_tags", verbose_name=_("campaign")
    )
    name = PlainLine(_("name"), max_length=60)
    mark = models.CharField(_("mark"), max_length=8, choices=Marker.choices, default=Marker.CIRCLE)

    class Meta:
        verbose_name = _("tag of texts")
        verbose_name_plural = _("tags of texts")
        default_permissions = ()
        ordering = ("campaign", "name")
        constraints = (
            models.UniqueConstraint(
                "campaign",
                Lower("name"),
                name="text_tag_name_once",
                violation_error_message=_("This survey has a tag with this name already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="text_tag_named",
                violation_error_message=_("Please give the tag a name."),
            ),
            models.CheckConstraint(
                condition=models.Q(mark__in=Marker.values),
                name="text_tag_mark",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return self.name


class TaggedText(models.Model):
    """A tag of one text of a response: `writing` is its name in the answers (`slug` or `slug:other`).

    Triggers (migration `0035_tags_of_texts`) delete it when the text goes, whatever way that takes, and mark it
    `is_stale` when the text changes: it counts again once staff confirm it.
    """

    tag = models.ForeignKey(
        TextTag, on_delete=models.CASCADE, related_name="texts", verbose_name=_("tag of texts")
    )
    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="text_tags", verbose_name=_("response")
    )
    writing = models.CharField(_("text"), max_length=90)
    is_stale = models.BooleanField(_("the text was changed since"), default=False)

    objects: ClassVar = models.Manager()

    class Meta:
        verbose_name = _("tagged text")
        verbose_name_plural = _("tagged texts")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("response", "writing", "tag"),
                name="tagged_text_once",
                violation_error_message=_("This text has this tag already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.writing} · {self.tag_id}"
