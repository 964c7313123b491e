"""Bodies, their members, their public sessions and what was on the agenda."""

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagement.models.common import ONE_SUMMARY, Record
from engagement.models.event import Event
from mapping.models.texts import PlainLine, PlainText


class BodyQuerySet(models.QuerySet["Body"]):
    """Bodies as pages and OParl ask for them."""

    def public(self) -> "BodyQuerySet":
        """Bodies that everyone may see: everything but drafts."""
        return self.filter(is_draft=False)


BodyManager = models.Manager.from_queryset(BodyQuerySet)


class Body(Record):
    """A working group, committee or advisory board. In OParl an Organization."""

    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    name = PlainLine(_("name"), max_length=160)
    summary = PlainLine(_("summary"), max_length=ONE_SUMMARY, blank=True)
    description = PlainText(_("description"), blank=True)
    contact = PlainLine(_("contact"), max_length=200, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    is_draft = models.BooleanField(_("draft"), default=True)
    origin = models.URLField(_("address in another system"), max_length=500, blank=True)
    """The OParl id of what was read from another system; empty for what was made here."""

    objects: ClassVar = BodyManager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ("name", "slug")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="body_since_before_until",
                violation_error_message=_("The body cannot end before it begins."),
            ),
            models.UniqueConstraint(
                fields=("origin",),
                condition=~models.Q(origin=""),
                name="body_origin_once",
                violation_error_message=_("This body was read from the other system already."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The body's page."""
        return reverse("body", args=(self.slug,))


class BodyMember(Record):
    """Somebody who is a member, with the role: named in public."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members", verbose_name=_("body"))
    name = PlainLine(_("name"), max_length=120)
    role = PlainLine(_("role"), max_length=120, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    origin = models.URLField(_("address in another system"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("body", "position", "name", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(since=None)
                | models.Q(until=None)
                | models.Q(until__gte=models.F("since")),
                name="bodymember_since_before_until",
                violation_error_message=_("The membership cannot end before it begins."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions as pages and OParl ask for them."""

    def public(self) -> "SessionQuerySet":
        """Sessions of public bodies whose event is public."""
        return self.filter(body__is_draft=False, event__is_draft=False)


SessionManager = models.Manager.from_queryset(SessionQuerySet)


class Session(Record):
    """One public meeting of a body. Its date and place are those of its event, which the calendar shows."""

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("body"))
    event = models.OneToOneField(
        Event, on_delete=models.CASCADE, related_name="session", verbose_name=_("event")
    )
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    origin = models.URLField(_("address in another system"), max_length=500, blank=True)

    objects: ClassVar = SessionManager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ("body", "number", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("body", "number"),
                name="session_number_once_per_body",
                violation_error_message=_("This body has a session with this number already."),
            ),
            models.UniqueConstraint(
                fields=("origin",),
                condition=~models.Q(origin=""),
                name="session_origin_once",
                violation_error_message=_("This session was read from the other system already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.body_id} · {self.number}"


class AgendaItem(Record):
    """One item of an agenda, with what was decided."""

    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("session")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    number = PlainLine(_("number"), max_length=20, blank=True)
    title = PlainLine(_("title"), max_length=300)
    text = PlainText(_("text"), blank=True)
    result = PlainText(_("result"), blank=True)
    is_public = models.BooleanField(_("public"), default=True)
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("participation"),
    )
    origin = models.URLField(_("address in another system"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("session", "position", "pk")

    def __str__(self) -> str:
        return self.title
