"""Updates: news of a campaign, and the pictures of events and updates."""

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.common import Record
from engagement.models.event import EventDate
from mapping.languages import ORIGINAL
from mapping.models.texts import PlainLine, PlainText


class UpdateQuerySet(models.QuerySet["Update"]):
    """Updates as pages and feeds ask for them."""

    def public(self) -> "UpdateQuerySet":
        """Updates that everyone may read: published ones of public campaigns."""
        return self.filter(is_draft=False, campaign__is_draft=False, published_at__lte=timezone.now())


UpdateManager = models.Manager.from_queryset(UpdateQuerySet)


class Update(Record):
    """News of a campaign: what became of it. `text` has the builder's simple formatting."""

    campaign = models.ForeignKey(
        "mapping.Campaign", on_delete=models.CASCADE, related_name="updates", verbose_name=_("participation")
    )
    title = PlainLine(_("title"), max_length=160)
    text = PlainText(_("text"))
    published_at = models.DateTimeField(_("published"), default=timezone.now)
    is_draft = models.BooleanField(_("draft"), default=True)
    language = models.CharField(
        _("language of its texts"), max_length=20, default=ORIGINAL, db_default=ORIGINAL
    )

    objects: ClassVar = UpdateManager()

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ("-published_at", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The update's page."""
        return reverse("update", args=(self.campaign.slug, self.pk))


class ImageQuerySet(models.QuerySet["Image"]):
    """Pictures as pages deliver them."""

    def public(self) -> "ImageQuerySet":
        """Pictures that everyone may see: those of public dates and of published updates."""
        of_updates = models.Q(
            update__is_draft=False,
            update__campaign__is_draft=False,
            update__published_at__lte=timezone.now(),
        )
        return self.filter(models.Q(date__event__is_draft=False) | of_updates)


ImageManager = models.Manager.from_queryset(ImageQuerySet)


class Image(models.Model):
    """A re-encoded picture without metadata, of a date or of an update; `alt` is what it shows, in words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    date = models.ForeignKey(
        EventDate,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="images",
        verbose_name=_("date"),
    )
    update = models.ForeignKey(
        Update,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="images",
        verbose_name=_("update"),
    )
    file = models.FileField(upload_to="images/%Y/%m/", editable=False)
    alt = PlainLine(_("alternative text"), max_length=300)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar = ImageManager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("position", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(date=None, update__isnull=False)
                | models.Q(date__isnull=False, update=None),
                name="image_of_one_thing",
                violation_error_message=_("A picture belongs to a date or to an update."),
            ),
            models.CheckConstraint(
                condition=~models.Q(alt=""),
                name="image_in_words",
                violation_error_message=_("Please write in words what the picture shows."),
            ),
        )

    def __str__(self) -> str:
        return self.alt
