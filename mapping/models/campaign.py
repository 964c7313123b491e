"""Campaigns, their categories and the questions asked in them."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mapping.languages import ORIGINAL, TAGS
from mapping.links.origins import LONGEST as LONGEST_ORIGIN
from mapping.models.checks import UNKNOWN_VALUE, geometry_is_sound, origins_are_sound
from mapping.models.setup.openness import OpenTo, require_promises_kept
from mapping.models.texts import PlainLine, PlainText

if TYPE_CHECKING:
    from accounts.models import User
    from mapping.models.setup.phase import Phase


class Publication(models.TextChoices):
    """What the public may see of a campaign's contributions."""

    POINTS = "points", _("Every published contribution")
    CELLS = "cells", _("Only protected areas, no single contribution")


class Moderation(models.TextChoices):
    """When a contribution becomes public."""

    PRE = "pre", _("After a review")
    POST = "post", _("At once, reviewed later")


class ReleaseRhythm(models.TextChoices):
    """When the public numbers of protected areas are made."""

    DAILY = "daily", _("Every night")
    WEEKLY = "weekly", _("Every week, in the night to Monday")
    BY_HAND = "by_hand", _("When somebody orders it, the night after")


class CampaignStatus(models.TextChoices):
    """Where a campaign stands in its period."""

    UPCOMING = "upcoming", _("Upcoming")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns as pages and the API ask for them."""

    def visible(self) -> "CampaignQuerySet":
        """Campaigns that the public may see: everything but drafts."""
        return self.filter(is_draft=False)

    def protected(self) -> "CampaignQuerySet":
        """Campaigns of which the public sees no single contribution."""
        return self.exclude(publication=Publication.POINTS)

    def upcoming(self, at: datetime) -> "CampaignQuerySet":
        """Campaigns that begin after `at`."""
        return self.filter(opens_at__gt=at)

    def open(self, at: datetime) -> "CampaignQuerySet":
        """Campaigns that take contributions at `at`: start included, end excluded."""
        begun = models.Q(opens_at=None) | models.Q(opens_at__lte=at)
        not_over = models.Q(closes_at=None) | models.Q(closes_at__gt=at)
        return self.filter(begun, not_over)

    def closed(self, at: datetime) -> "CampaignQuerySet":
        """Campaigns that ended at or before `at`."""
        return self.filter(closes_at__lte=at)

    def for_member(self, user: "User", *roles: str) -> "CampaignQuerySet":
        """Campaigns in which a user has one of the roles (any role when none is named)."""
        if user.is_superuser:
            return self.all()
        memberships = user.memberships.all()
        if roles:
            memberships = memberships.filter(role__in=roles)
        return self.filter(pk__in=memberships.values("campaign"))


CampaignManager = models.Manager.from_queryset(CampaignQuerySet)


class Campaign(models.Model):
    """One participation project: its page, area, period, rules and categories."""

    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    title = PlainLine(_("title"), max_length=160)
    summary = PlainLine(_("summary"), max_length=300, blank=True)
    description = PlainText(_("description"), blank=True)
    outcome = PlainText(_("results"), blank=True, help_text=_("What became of it, shown after the end."))
    organiser = PlainLine(_("organised by"), max_length=160, blank=True)
    contact = PlainLine(_("contact"), max_length=200, blank=True)
    attribution = PlainLine(_("data source"), max_length=300, blank=True)
    language = models.CharField(
        _("language of its texts"), max_length=20, default=ORIGINAL, db_default=ORIGINAL
    )
    languages = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("further languages"),
        default=list,
        db_default=models.Value([]),
        blank=True,
    )
    is_draft = models.BooleanField(_("draft"), default=False, help_text=_("Drafts are seen by members only."))
    area = models.MultiPolygonField(_("area"), srid=4326, null=True, blank=True)
    district_layer = models.ForeignKey(
        "mapping.DistrictLayer",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("districts"),
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    publication = models.CharField(
        _("publication"),
        max_length=8,
        choices=Publication.choices,
        default=Publication.POINTS,
    )
    k = models.PositiveSmallIntegerField(
        _("smallest group"),
        default=5,
        validators=(MinValueValidator(2), MaxValueValidator(100)),
        help_text=_("A published cell stands for at least this many participants."),
    )
    release_rhythm = models.CharField(
        _("new numbers of protected areas"),
        max_length=8,
        choices=ReleaseRhythm.choices,
        default=ReleaseRhythm.DAILY,
    )
    moderation = models.CharField(
        _("moderation"),
        max_length=8,
        choices=Moderation.choices,
        default=Moderation.PRE,
    )
    open_to = models.CharField(
        _("open to"),
        max_length=9,
        choices=OpenTo.choices,
        default=OpenTo.ANYONE,
        db_default=OpenTo.ANYONE,
    )
    allows_comments = models.BooleanField(_("comments"), default=True)
    allows_support = models.BooleanField(_("support"), default=True)
    allows_opposition = models.BooleanField(_("opposition"), default=False)
    allows_photos = models.BooleanField(_("photos"), default=True)
    picture = models.ForeignKey(
        "mapping.Picture",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="titles",
        verbose_name=_("title picture"),
    )
    embed_origins = ArrayField(
        models.CharField(max_length=LONGEST_ORIGIN),
        verbose_name=_("sites that may embed it"),
        default=list,
        db_default=models.Value([]),
        blank=True,
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar = CampaignManager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("closes_at", "slug")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(publication__in=Publication.values),
                name="campaign_publication",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(moderation__in=Moderation.values),
                name="campaign_moderation",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(release_rhythm__in=ReleaseRhythm.values),
                name="campaign_release_rhythm",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(open_to__in=OpenTo.values),
                name="campaign_open_to",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(publication=Publication.POINTS) | models.Q(moderation=Moderation.PRE),
                name="campaign_protected_is_reviewed_first",
                violation_error_message=_("Contributions to protected areas are always reviewed first."),
            ),
            models.CheckConstraint(
                condition=models.Q(k__gte=2, k__lte=100),
                name="campaign_k_in_range",
                violation_error_message=_("The smallest group must be from 2 to 100 people."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(closes_at__gt=models.F("opens_at")),
                name="campaign_opens_before_it_closes",
                violation_error_message=_("The campaign must end after it begins. Please check both dates."),
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=TAGS) & models.Q(languages__contained_by=TAGS),
                name="campaign_languages",
                violation_error_message=_("Please choose languages from the list."),
            ),
            origins_are_sound("embed_origins", "campaign_embed_origins"),
            *geometry_is_sound("area", "campaign_area", ("MULTIPOLYGON",)),
        )

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse what breaks a promise to people who took part, as triggers do."""
        super().clean()
        before = Campaign.objects.filter(pk=self.pk).first()
        if before is not None:
            require_promises_kept(self, before)

    def get_absolute_url(self) -> str:
        """The campaign's page."""
        return reverse("campaign", args=(self.slug,))

    def status_at(self, at: datetime) -> CampaignStatus:
        """Where the campaign stands at a moment; the start belongs to the open period, the end does not."""
        if self.opens_at is not None and at < self.opens_at:
            return CampaignStatus.UPCOMING
        if self.closes_at is not None and at >= self.closes_at:
            return CampaignStatus.CLOSED
        return CampaignStatus.OPEN

    @property
    def status(self) -> CampaignStatus:
        """Where the campaign stands now."""
        return self.status_at(timezone.now())

    @cached_property
    def timeline(self) -> "list[Phase]":
        """The phases in order, read once."""
        return [] if self._state.adding else list(self.phases.all())

    def phase_at(self, at: datetime) -> "Phase | None":
        """The phase of a moment; None between phases and for a campaign without phases."""
        return next((phase for phase in self.timeline if phase.opens_at <= at < phase.closes_at), None)

    def allows(self, action: str, at: datetime) -> bool:
        """Whether people may do this at a moment: the campaign is open and its phase, if it has any, allows it."""
        if self.is_draft or self.status_at(at) != CampaignStatus.OPEN:
            return False
        if not self.timeline:
            return True
        phase = self.phase_at(at)
        return phase is not None and phase.allows_action(action)

    @property
    def needs_sign_in(self) -> bool:
        """Whether only people who signed in at the citizens' provider take part, each of them once."""
        return self.open_to == OpenTo.SIGNED_IN

    @property
    def publishes_points(self) -> bool:
        """Whether single published contributions are public."""
        return self.publication == Publication.POINTS

    @property
    def publishes_at_once(self) -> bool:
        """Whether contributions and comments count before anybody reviewed them; never where areas protect people.

        Otherwise a few requests of one person could fill an area until one more contribution shows in it.
        """
        return self.publishes_points and self.moderation == Moderation.POST


class Marker(models.TextChoices):
    """Marker shapes; shape and colour both differ, so that no category is told by colour alone."""

    CIRCLE = "circle", _("Circle")
    SQUARE = "square", _("Square")
    DIAMOND = "diamond", _("Diamond")
    TRIANGLE = "triangle", _("Triangle")
    HEXAGON = "hexagon", _("Hexagon")
    DROP = "drop", _("Drop")


class Palette(models.TextChoices):
    """Eight colours that colour-blind eyes tell apart; the values stand in `tokens.css`."""

    BLUE = "blue", _("Blue")
    ORANGE = "orange", _("Orange")
    GREEN = "green", _("Green")
    PURPLE = "purple", _("Purple")
    RED = "red", _("Red")
    TEAL = "teal", _("Teal")
    BROWN = "brown", _("Brown")
    GREY = "grey", _("Grey")


class PlaceType(models.TextChoices):
    """What a category lets people place."""

    POINT = "point", _("Point")
    LINE = "line", _("Line")
    POLYGON = "polygon", _("Area")
    NONE = "none", _("No place")


class SmallestZoom(models.IntegerChoices):
    """How near the map must be before people place: zoom levels of web maps (Web Mercator, tiles of 256 pixels)."""

    ANY = 0, _("From every view")
    TOWN = 13, _("Only from the view of a district of the city")
    STREETS = 15, _("Only from the view of streets")
    HOUSES = 17, _("Only from the view of houses")


class Category(models.Model):
    """A kind of place asked for in a campaign, with its look and its own questions."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="categories", verbose_name=_("campaign")
    )
    slug = models.SlugField(_("short name"), max_length=80)
    title = PlainLine(_("title"), max_length=120)
    description = PlainLine(_("description"), max_length=300, blank=True)
    geometry_types = ArrayField(
        models.CharField(max_length=8, choices=PlaceType.choices),
        verbose_name=_("places"),
        default=list,
    )
    marker = models.CharField(_("marker"), max_length=8, choices=Marker.choices, default=Marker.CIRCLE)
    colour = models.CharField(_("colour"), max_length=8, choices=Palette.choices, default=Palette.BLUE)
    takes_contributions = models.BooleanField(
        _("open to citizens"),
        default=True,
        help_text=_("Off for places that the city drew for discussion."),
    )
    text_required = models.BooleanField(_("text required"), default=False)
    smallest_zoom = models.PositiveSmallIntegerField(
        _("smallest zoom for placing"), choices=SmallestZoom.choices, default=SmallestZoom.ANY, db_default=0
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("campaign", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "slug"),
                name="category_slug_once_per_campaign",
                violation_error_message=_("This campaign has a category with this short name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(geometry_types__contained_by=PlaceType.values)
                & models.Q(geometry_types__len__gt=0),
                name="category_geometry_types",
                violation_error_message=_("Please choose at least one kind of place, or “no place”."),
            ),
            models.CheckConstraint(
                condition=models.Q(marker__in=Marker.values),
                name="category_marker",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(colour__in=Palette.values),
                name="category_colour",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(smallest_zoom__in=SmallestZoom.values),
                name="category_smallest_zoom",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return self.title
