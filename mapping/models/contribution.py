"""Contributions and their photos."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib.gis.db import models
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.db.models.functions import Transform
from django.contrib.gis.geos import Polygon
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.answers import Wanted, holding
from mapping.models.campaign import Campaign, Category, PlaceType, Publication
from mapping.models.checks import UNKNOWN_VALUE, geometry_is_sound, json_is
from mapping.models.keysets import KeyValue, behind
from mapping.models.participant import Participant
from mapping.models.question import Audience, Question
from mapping.models.reference.district import District
from mapping.models.texts import PlainLine, holding_words
from mapping.questions.choices import OTHER

if TYPE_CHECKING:
    from accounts.models import User
    from mapping.models.survey.response import Response

_PLACE_TYPES: Final = {PlaceType.POINT: "POINT", PlaceType.LINE: "LINESTRING", PlaceType.POLYGON: "POLYGON"}


@GeometryField.register_lookup
class GeometryTypeName(models.Transform):
    """The type of a place in PostGIS's words: POINT, LINESTRING, POLYGON; empty (NULL) without a place."""

    lookup_name = "place_type"
    function = "GeometryType"
    output_field = models.TextField()


class ContributionStatus(models.TextChoices):
    """pending -> published | rejected; a withdrawn contribution is deleted (`Withdrawal`)."""

    PENDING = "pending", _("Waiting for review")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")


class Source(models.TextChoices):
    """How a contribution came in."""

    ONLINE = "online", _("Online")
    PAPER = "paper", _("Paper")
    IMPORT = "import", _("Import")
    CITY = "city", _("City")


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Contributions as pages, the API and exports ask for them. No other module filters by status."""

    def published(self) -> "ContributionQuerySet":
        """THE gate: what the public may read. Nothing of drafts, nothing of campaigns that publish cells."""
        return self.filter(
            status=ContributionStatus.PUBLISHED,
            campaign__publication=Publication.POINTS,
            campaign__is_draft=False,
        )

    def pending(self) -> "ContributionQuerySet":
        """Contributions that wait for a review."""
        return self.filter(status=ContributionStatus.PENDING)

    def with_status(self, statuses: Iterable[str]) -> "ContributionQuerySet":
        """For staff: contributions in one of the statuses."""
        return self.filter(status__in=list(statuses))

    def taken_back_since(self, moment: datetime) -> "ContributionQuerySet":
        """Contributions that a file of that moment may hold otherwise than they are now.

        They are not public any more, or their author or the staff changed them, or a comment on them was taken back.
        What was only published since is not in the file. Withdrawn ones are not found: withdrawing deletes the files.
        """
        newly_published = self.model.objects.filter(
            pk=models.OuterRef("pk"),
            moderation_events__created_at__gt=moment,
            moderation_events__from_status__in=(ContributionStatus.PENDING, ContributionStatus.REJECTED),
            moderation_events__to_status=ContributionStatus.PUBLISHED,
        )
        changed = self.filter(created_at__lte=moment, updated_at__gt=moment)
        return changed.exclude(models.Q(models.Exists(newly_published), status=ContributionStatus.PUBLISHED))

    def by(self, participant: Participant) -> "ContributionQuerySet":
        """A person's own contributions, in any status."""
        return self.filter(participant=participant)

    def within_any(self, boxes: Iterable[tuple[float, float, float, float]]) -> "ContributionQuerySet":
        """Contributions whose bounding box meets one of these (west, south, east, north) in degrees (EPSG:4326)."""
        met = (models.Q(geom__bboverlaps=Polygon.from_bbox(box)) for box in boxes)
        return self.filter(reduce(or_, met, models.Q(pk__in=())))

    def in_categories(self, slugs: Iterable[str], campaign: Campaign) -> "ContributionQuerySet":
        """Contributions of the named categories of a campaign."""
        return self.filter(category__in=Category.objects.filter(campaign=campaign, slug__in=list(slugs)))

    def created_between(self, start: datetime | None, end: datetime | None) -> "ContributionQuerySet":
        """Contributions made from `start` (included) to `end` (excluded); None leaves a side open."""
        found = self
        if start is not None:
            found = found.filter(created_at__gte=start)
        if end is not None:
            found = found.filter(created_at__lt=end)
        return found

    def on_weekdays(self, weekdays: Iterable[int]) -> "ContributionQuerySet":
        """Contributions made on these days of the week (1 is Monday) in the site's time zone."""
        return self.filter(created_at__iso_week_day__in=list(weekdays))

    def during_hours(self, first: int, last: int) -> "ContributionQuerySet":
        """Contributions made from hour `first` (included) to `last` (excluded), past midnight where that is less."""
        begun, not_over = models.Q(created_at__hour__gte=first), models.Q(created_at__hour__lt=last)
        return self.filter(begun & not_over if first < last else begun | not_over)

    def from_sources(self, sources: Iterable[str]) -> "ContributionQuerySet":
        """Contributions that came in one of these ways."""
        return self.filter(source__in=list(sources))

    def in_districts(self, layer_id: int | None, district_ids: Iterable[int]) -> "ContributionQuerySet":
        """Points whose first district by code, lines and areas of which any touched district, is one of these."""
        chosen = list(district_ids)
        met = District.objects.filter(layer=layer_id, geom__intersects=models.OuterRef("geom"))
        first = models.Subquery(met.order_by("code").values("pk")[:1])
        is_point = models.Q(geom__place_type=_PLACE_TYPES[PlaceType.POINT])
        return self.alias(first_district=first).filter(
            is_point & models.Q(first_district__in=chosen)
            | ~is_point & models.Exists(met.filter(pk__in=chosen))
        )

    def containing(self, words: str) -> "ContributionQuerySet":
        """Contributions whose title or text contain all of some words, in any case and order."""
        return self.filter(holding_words(words, "title", "text"))

    def assigned_to(self, user: "User") -> "ContributionQuerySet":
        """Contributions that a member of staff takes care of."""
        return self.filter(assignment__user=user)

    def answering(self, wanted: Wanted) -> "ContributionQuerySet":
        """Contributions with an answer that everyone may read and that is as wanted."""
        return self.filter(holding(("answers",), wanted))

    def answering_to_staff(self, wanted: Wanted) -> "ContributionQuerySet":
        """Contributions with an answer that only staff may read and that is as wanted; for these."""
        return self.filter(holding(("staff_answers",), wanted))

    def by_any(self, responses: "models.QuerySet[Response]") -> "ContributionQuerySet":
        """Contributions of the people who sent these responses to the survey; for staff who may read these."""
        return self.filter(participant__in=responses.filter(participant__isnull=False).values("participant"))

    def judged(self) -> "ContributionQuerySet":
        """Contributions that anybody supported or opposed."""
        return self.filter(models.Q(support_count__gt=0) | models.Q(opposition_count__gt=0))

    def with_answer_to(self, question: Question) -> "ContributionQuerySet":
        """Contributions that answered a question."""
        given = models.Q(answers__has_key=question.slug) | models.Q(staff_answers__has_key=question.slug)
        return self.filter(given, category=question.category_id)

    def of_place_types(self, types: Iterable[PlaceType]) -> "ContributionQuerySet":
        """Contributions with a place of one of these types."""
        return self.filter(geom__place_type__in=[_PLACE_TYPES[one] for one in types])

    def answered_with(
        self, statuses: Iterable[str], *, or_without_reply: bool = False
    ) -> "ContributionQuerySet":
        """As `replied_with`, for whole campaigns: replies are few, so that they are looked through once."""
        replies = _replies()
        newest = replies.order_by("contribution", "-created_at", "-pk").distinct("contribution")
        matching = replies.filter(pk__in=newest.values("pk"), status__in=list(statuses))
        found = models.Q(pk__in=matching.order_by().values("contribution"))
        if or_without_reply:
            found |= models.Q(~models.Exists(replies.filter(contribution=models.OuterRef("pk"))))
        return self.filter(found)

    def replied_with(self, statuses: Iterable[str]) -> "ContributionQuerySet":
        """Contributions whose newest reply of the city says one of these."""
        return self.alias(newest_reply=_newest_reply_status()).filter(newest_reply__in=list(statuses))

    def not_replied_with(self, statuses: Iterable[str]) -> "ContributionQuerySet":
        """All others: no reply, or the newest one says something else."""
        other = models.Q(newest_reply=None) | ~models.Q(newest_reply__in=list(statuses))
        return self.alias(newest_reply=_newest_reply_status()).filter(other)

    def in_order(self) -> "ContributionQuerySet":
        """The places of the city that have an order, in it; ties broken by id."""
        return self.filter(position__isnull=False).order_by("position", "id")

    def without_order(self) -> "ContributionQuerySet":
        """All others."""
        return self.filter(position=None)

    def newest_first(self) -> "ContributionQuerySet":
        """In keyset order: newest first, ties broken by id."""
        return self.order_by("-created_at", "-id")

    def after(self, created_at: datetime, pk: uuid.UUID) -> "ContributionQuerySet":
        """The rest of `newest_first()` behind one contribution (keyset paging)."""
        keys = (
            KeyValue("created_at", created_at, is_descending=True),
            KeyValue("id", pk, is_descending=True),
        )
        return self.filter(behind(keys))


ContributionManager = models.Manager.from_queryset(ContributionQuerySet)


def _replies() -> models.QuerySet[Any]:
    """All replies, by the relation that they bring: they know contributions, and not the other way round."""
    relation = Contribution._meta.get_field("replies")  # noqa: SLF001 - Django's own way
    return relation.related_model._default_manager.all()  # noqa: SLF001 - as above


def _newest_reply_status() -> models.Subquery:
    """The status of a contribution's newest reply."""
    newest = _replies().filter(contribution=models.OuterRef("pk")).order_by("-created_at", "-pk")
    return models.Subquery(newest.values("status")[:1])


def new_contribution_id() -> uuid.UUID:
    """A time-ordered UUID (version 7, RFC 9562 section 5.7) for contributions that bring none."""
    import uuid_utils.compat

    return uuid_utils.compat.uuid7()


class Contribution(models.Model):
    """What a participant placed: a geometry (or none), a text, answers, photos.

    `geom` is lon/lat (EPSG:4326); `geom_laea` is computed by the database in EPSG:3035 (metres). `staff_answers` holds
    the answers to questions that only staff may read: nothing that the public reads selects this column. `title` and
    `position` are for places of the city: their names, and their order in lists.
    """

    id = models.UUIDField(primary_key=True, default=new_contribution_id, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="contributions", verbose_name=_("campaign")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="contributions", verbose_name=_("category")
    )
    participant = models.ForeignKey(
        Participant,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("participant"),
    )
    geom = models.GeometryField(_("place"), srid=4326, null=True, blank=True)
    geom_laea = models.GeneratedField(
        expression=Transform("geom", 3035),
        output_field=models.GeometryField(srid=3035, null=True, spatial_index=False),
        db_persist=True,
    )
    title = PlainLine(_("title"), max_length=120, default="", db_default="", blank=True)
    text = models.TextField(_("text"), blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    staff_answers = models.JSONField(_("answers for staff only"), default=dict, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ContributionStatus.choices,
        default=ContributionStatus.PENDING,
    )
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.ONLINE)
    zoom = models.PositiveSmallIntegerField(_("zoom when placed"), null=True, blank=True)
    external_id = models.CharField(_("id in the source"), max_length=120, null=True, blank=True)
    fingerprint = models.BinaryField(max_length=32, editable=False, default=b"")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    support_count = models.PositiveIntegerField(_("support"), default=0, editable=False)
    opposition_count = models.PositiveIntegerField(_("opposition"), default=0, editable=False)
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), null=True, editable=False)

    objects: ClassVar = ContributionManager()

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        indexes = (
            models.Index(
                fields=("campaign", "status", "created_at", "id"),
                name="contribution_keyset",
            ),
            models.Index(
                fields=("campaign", "position", "id"),
                name="contribution_in_order",
                condition=models.Q(position__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=ContributionStatus.values),
                name="contribution_status",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values),
                name="contribution_source",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.UniqueConstraint(
                fields=("campaign", "external_id"),
                condition=models.Q(external_id__isnull=False),
                name="contribution_external_id_once",
                violation_error_message=_(
                    "This campaign has a contribution with this id of the source already."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(source=Source.CITY) | models.Q(title="", position=None),
                name="contribution_named_by_the_city",
                violation_error_message=_("Only places of the city have a title and an order."),
            ),
            json_is("answers", "object", "contribution_answers_object"),
            json_is("staff_answers", "object", "contribution_staff_answers_object"),
            *geometry_is_sound("geom", "contribution_geom", ("POINT", "LINESTRING", "POLYGON")),
        )

    def __str__(self) -> str:
        return f"{self.category} {self.id}"

    @property
    def all_answers(self) -> dict[str, Any]:
        """All answers, for the author and for staff."""
        return {**self.answers, **self.staff_answers}

    def answers_for(self, questions: Iterable[Question]) -> dict[str, Any]:
        """The answers that may go to questions, also of another category: those for staff to none that others read."""
        staff = {question.slug for question in questions if question.audience == Audience.STAFF}
        kept = {name: one for name, one in self.staff_answers.items() if name.removesuffix(OTHER) in staff}
        return {**self.answers, **kept}

    def set_answers(self, answers: Mapping[str, object]) -> None:
        """Replace all answers; a trigger keeps those for staff apart when they are stored (`0027_survey_counts`)."""
        self.answers, self.staff_answers = dict(answers), {}


class Photo(models.Model):
    """A re-encoded picture of a contribution, without any metadata.

    The random id is its address: a number of a sequence would tell of photos that are not public.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(upload_to="photos/%Y/%m/", editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("contribution", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("contribution", "position"),
                name="photo_position_once",
                violation_error_message=_("This contribution has a photo at this position already."),
            ),
            models.UniqueConstraint(
                fields=("contribution", "digest"),
                name="photo_once_per_contribution",
                violation_error_message=_("This contribution has this photo already."),
            ),
            models.CheckConstraint(
                condition=models.Q(position__lt=3),
                name="photo_three_at_most",
                violation_error_message=_("A contribution has at most three photos."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.contribution_id} · {self.position + 1}"
