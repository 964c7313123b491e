"""Events: dates at which people can take part, single ones and series, with registrations."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.common import ONE_SUMMARY, Record, Topic, topic_is_known, value_is_known
from mapping.languages import ORIGINAL, TAGS
from mapping.models.checks import geometry_is_sound
from mapping.models.texts import PlainLine, PlainText


class EventKind(models.TextChoices):
    """Where people take part."""

    ON_SITE = "on_site", _("On site")
    DIGITAL = "digital", _("Digital")
    HYBRID = "hybrid", _("On site and digital")


class EventStatus(models.TextChoices):
    """Whether a date takes place as it was announced."""

    PLANNED = "planned", _("Planned")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")


class Known(models.TextChoices):
    """An answer to a question about a place; an unknown one is no promise."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class EventQuerySet(models.QuerySet["Event"]):
    """Events as pages, feeds and the API ask for them."""

    def public(self) -> "EventQuerySet":
        """Events that everyone may see: everything but drafts."""
        return self.filter(is_draft=False)


EventManager = models.Manager.from_queryset(EventQuerySet)


class Event(Record):
    """What people can take part in, at one date or at several.

    The dates are rows (`EventDate`), made from `rule` where the event is a series; the event keeps what they share.
    """

    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    title = PlainLine(_("title"), max_length=160)
    summary = PlainLine(_("what one can do there"), max_length=ONE_SUMMARY, blank=True)
    description = PlainText(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=EventKind.choices, default=EventKind.ON_SITE)
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices, default=Topic.OTHER)
    campaigns = models.ManyToManyField(
        "mapping.Campaign", blank=True, related_name="events", verbose_name=_("participations")
    )
    organiser = PlainLine(_("organised by"), max_length=160, blank=True)
    contact = PlainLine(_("contact"), max_length=200, blank=True)
    languages = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("languages"),
        default=list,
        db_default=models.Value([]),
        blank=True,
    )
    language = models.CharField(
        _("language of its texts"), max_length=20, default=ORIGINAL, db_default=ORIGINAL
    )

    time_zone = models.CharField(_("time zone"), max_length=40, default="Europe/Berlin")
    is_all_day = models.BooleanField(_("all day"), default=False)
    rule = models.CharField(_("repetition"), max_length=300, blank=True)
    """An RFC 5545 recurrence rule without its name (`FREQ=MONTHLY;BYDAY=1TU;COUNT=11`); empty for a single date."""

    place_name = PlainLine(_("place"), max_length=160, blank=True)
    address = PlainLine(_("address"), max_length=200, blank=True)
    place = models.PointField(_("place on the map"), srid=4326, null=True, blank=True)
    district = models.ForeignKey(
        "mapping.District",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("district"),
    )
    step_free = models.CharField(
        _("step-free access"), max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    accessible_toilet = models.CharField(
        _("accessible toilet"), max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    hearing_loop = models.CharField(
        _("induction loop"), max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    sign_language = models.CharField(
        _("sign language"), max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    accessibility = PlainText(_("more about accessibility"), blank=True)
    online_link = models.URLField(_("online link"), max_length=500, blank=True)
    hides_online_link = models.BooleanField(_("online link only for those who registered"), default=False)

    takes_registrations = models.BooleanField(_("registration here"), default=False)
    registration_hint = PlainLine(_("how to register"), max_length=ONE_SUMMARY, blank=True)
    registration_places = models.PositiveIntegerField(_("number of places"), null=True, blank=True)
    registration_closes_hours = models.PositiveSmallIntegerField(
        _("registration ends, hours before the start"), default=0
    )

    is_draft = models.BooleanField(_("draft"), default=True)
    sequence = models.PositiveIntegerField(_("number of changes"), default=0, editable=False)
    """SEQUENCE of RFC 5545, section 3.8.7.4: rises with every change that the public can see."""
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
        editable=False,
    )

    objects: ClassVar = EventManager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("slug",)
        constraints: ClassVar = (
            value_is_known("kind", EventKind.values, "event_kind"),
            topic_is_known("event_topic"),
            value_is_known("step_free", Known.values, "event_step_free"),
            value_is_known("accessible_toilet", Known.values, "event_accessible_toilet"),
            value_is_known("hearing_loop", Known.values, "event_hearing_loop"),
            value_is_known("sign_language", Known.values, "event_sign_language"),
            models.CheckConstraint(
                condition=models.Q(language__in=TAGS) & models.Q(languages__contained_by=TAGS),
                name="event_languages",
                violation_error_message=_("Please choose languages from the list."),
            ),
            models.CheckConstraint(
                condition=models.Q(registration_places=None) | models.Q(registration_places__gte=1),
                name="event_registration_places",
                violation_error_message=_("There must be at least one place."),
            ),
            *geometry_is_sound("place", "event_place", ("POINT",)),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The event's page."""
        return reverse("event", args=(self.slug,))

    @property
    def is_series(self) -> bool:
        """Whether it has dates by a rule."""
        return bool(self.rule)

    @property
    def has_place(self) -> bool:
        """Whether people meet somewhere."""
        return self.kind != EventKind.DIGITAL


class EventDateQuerySet(models.QuerySet["EventDate"]):
    """Dates as calendars ask for them."""

    def public(self) -> "EventDateQuerySet":
        """Dates of events that everyone may see, cancelled ones too."""
        return self.filter(event__is_draft=False)

    def between(self, start: datetime, end: datetime) -> "EventDateQuerySet":
        """Dates that share a moment with the span; `end` is excluded."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def coming(self, at: datetime) -> "EventDateQuerySet":
        """Dates that are not over, the next first."""
        return self.filter(ends_at__gt=at).order_by("starts_at", "pk")

    def taking_place(self) -> "EventDateQuerySet":
        """Dates that were not cancelled."""
        return self.exclude(status=EventStatus.CANCELLED)


EventDateManager = models.Manager.from_queryset(EventDateQuerySet)


class EventDate(models.Model):
    """One date of an event: start included, end excluded.

    All-day dates run from midnight to midnight in the time zone of the event.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="dates", verbose_name=_("event"))
    original_starts_at = models.DateTimeField(_("start as first announced"))
    """Names the date within its series for ever (RECURRENCE-ID of RFC 5545, section 3.8.4.4)."""
    previous_starts_at = models.DateTimeField(_("start before it was moved"), null=True, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(
        _("status"), max_length=10, choices=EventStatus.choices, default=EventStatus.PLANNED
    )
    reason = PlainLine(_("reason"), max_length=ONE_SUMMARY, blank=True)
    """Why it was moved or cancelled, as people read it."""
    changes = models.PositiveIntegerField(_("number of changes"), default=0, db_default=0, editable=False)
    """How often it got another start, was cancelled, or took place after all, while it was public."""
    is_by_hand = models.BooleanField(_("changed apart from its series"), default=False, editable=False)
    report = PlainText(_("what came of it"), blank=True)

    objects: ClassVar = EventDateManager()

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        ordering = ("starts_at", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("event", "original_starts_at"),
                name="eventdate_once_per_event",
                violation_error_message=_("This event has a date at this moment already."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="eventdate_starts_before_it_ends",
                violation_error_message=_("The event must end after it begins. Please check both times."),
            ),
            value_is_known("status", EventStatus.values, "eventdate_status"),
        )
        indexes: ClassVar = (models.Index(fields=("starts_at", "ends_at"), name="eventdate_by_time"),)

    def __str__(self) -> str:
        return f"{self.event_id} · {self.starts_at:%Y-%m-%d %H:%M}"


class RegistrationState(models.TextChoices):
    """Whether somebody has a place."""

    REGISTERED = "registered", _("Registered")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")


class Registration(models.Model):
    """Somebody who wants to come to a date; name and address are deleted after it.

    The waiting list is ordered by `created_at`. The link to cancel is an HMAC of the id and stored nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    date = models.ForeignKey(
        EventDate, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("date")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    mail = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    people = models.PositiveSmallIntegerField(_("number of people"), default=1)
    language = models.CharField(_("language"), max_length=20, default=ORIGINAL)
    needs = models.CharField(_("what you need to take part"), max_length=ONE_SUMMARY, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RegistrationState.choices, default=RegistrationState.REGISTERED
    )
    reminded_for = models.DateTimeField(_("reminded of the start at"), null=True, blank=True)
    """The start that the newest mail named, if that was within two days of it: nobody is reminded of it twice."""
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ("created_at", "pk")
        constraints: ClassVar = (
            value_is_known("state", RegistrationState.values, "registration_state"),
            models.CheckConstraint(
                condition=models.Q(people__gte=1, people__lte=20),
                name="registration_people",
                violation_error_message=_("Please register from 1 to 20 people."),
            ),
            models.UniqueConstraint(
                fields=("date", "mail"),
                condition=~models.Q(state=RegistrationState.CANCELLED) & ~models.Q(mail=""),
                name="registration_once_per_address",
                violation_error_message=_("This address is registered already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
