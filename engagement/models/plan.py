"""The list of plans: what the city intends (Vorhabenliste), and how people can take part in it."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.common import ONE_SUMMARY, Record, Topic, topic_is_known, value_is_known
from mapping.languages import ORIGINAL
from mapping.models.checks import geometry_is_sound
from mapping.models.texts import PlainLine, PlainText


class Stage(models.TextChoices):
    """How far a plan has come."""

    IDEA = "idea", _("Idea")
    PLANNING = "planning", _("In planning")
    DECIDED = "decided", _("Decided")
    REALISATION = "realisation", _("Being realised")
    DONE = "done", _("Realised")
    STOPPED = "stopped", _("Not pursued")


class Expected(models.TextChoices):
    """Which participation is intended."""

    INFORMAL = "informal", _("Participation is planned")
    FORMAL = "formal", _("Participation required by law")
    BOTH = "both", _("Participation required by law, and more")
    NONE = "none", _("No participation is planned")
    OPEN = "open", _("Not decided yet")


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans as pages and the API ask for them."""

    def public(self) -> "PlanQuerySet":
        """Plans that everyone may see: everything but drafts."""
        return self.filter(is_draft=False)


PlanManager = models.Manager.from_queryset(PlanQuerySet)


class Plan(Record):
    """Something the city intends. `admitted_on` is when it entered the list."""

    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    title = PlainLine(_("title"), max_length=160)
    summary = PlainLine(_("summary"), max_length=ONE_SUMMARY, blank=True)
    description = PlainText(_("description"), blank=True)
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices, default=Topic.OTHER)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.IDEA)
    responsible = PlainLine(_("responsible"), max_length=200, blank=True)
    contact = PlainLine(_("contact"), max_length=200, blank=True)
    affected = PlainLine(_("who is affected"), max_length=ONE_SUMMARY, blank=True)
    costs_euros = models.PositiveBigIntegerField(_("costs in euros"), null=True, blank=True)
    costs_text = PlainLine(_("about the costs"), max_length=ONE_SUMMARY, blank=True)
    begins = PlainLine(_("planned period"), max_length=120, blank=True)
    next_steps = PlainText(_("next steps"), blank=True)
    expected = models.CharField(
        _("expected participation"), max_length=8, choices=Expected.choices, default=Expected.OPEN
    )
    participation = PlainText(_("how people take part"), blank=True)
    reason_without = PlainText(_("reason if there is no participation"), blank=True)
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("participation"),
    )
    district = models.ForeignKey(
        "mapping.District",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="plans",
        verbose_name=_("district"),
    )
    place = models.GeometryField(_("place on the map"), srid=4326, null=True, blank=True)
    place_name = PlainLine(_("place"), max_length=160, blank=True)
    admitted_on = models.DateField(_("on the list since"), default=timezone.localdate)
    takes_proposals_until = models.DateField(_("participation can be proposed until"), null=True, blank=True)
    language = models.CharField(
        _("language of its texts"), max_length=20, default=ORIGINAL, db_default=ORIGINAL
    )
    is_draft = models.BooleanField(_("draft"), default=True)

    objects: ClassVar = PlanManager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("slug",)
        constraints: ClassVar = (
            topic_is_known("plan_topic"),
            value_is_known("stage", Stage.values, "plan_stage"),
            value_is_known("expected", Expected.values, "plan_expected"),
            models.CheckConstraint(
                condition=models.Q(is_draft=True)
                | ~models.Q(expected=Expected.NONE)
                | ~models.Q(reason_without=""),
                name="plan_without_participation_has_a_reason",
                violation_error_message=_("Please write why no participation is planned."),
            ),
            *geometry_is_sound(
                "place", "plan_place", ("POINT", "LINESTRING", "POLYGON", "MULTILINESTRING", "MULTIPOLYGON")
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("plan", args=(self.slug,))


class PlanDecision(models.Model):
    """A decision of the council about a plan, with its address in the council's information system."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("plan"))
    decided_on = models.DateField(_("date"))
    title = PlainLine(_("title"), max_length=200)
    link = models.URLField(_("address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("plan", "decided_on", "pk")

    def __str__(self) -> str:
        return self.title


class PlanChange(models.Model):
    """A change of a plan, explained as the public reads it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="changes", verbose_name=_("plan"))
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    text = PlainLine(_("what changed and why"), max_length=ONE_SUMMARY)
    stage_before = models.CharField(_("stage before"), max_length=12, choices=Stage.choices, blank=True)
    stage_after = models.CharField(_("stage after"), max_length=12, choices=Stage.choices, blank=True)

    class Meta:
        verbose_name = _("change of a plan")
        verbose_name_plural = _("changes of plans")
        ordering = ("plan", "-changed_at", "-pk")

    def __str__(self) -> str:
        return self.text


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    PENDING = "pending", _("Waiting for review")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class PlanProposalQuerySet(models.QuerySet["PlanProposal"]):
    """Proposals as pages show them."""

    def public(self) -> "PlanProposalQuerySet":
        """Proposals that everyone may read: those of public plans that the city has replied to."""
        return self.filter(plan__is_draft=False).exclude(state=ProposalState.PENDING)

    def pending(self) -> "PlanProposalQuerySet":
        """For staff: proposals that wait for a review."""
        return self.filter(state=ProposalState.PENDING)


PlanProposalManager = models.Manager.from_queryset(PlanProposalQuerySet)


class PlanProposal(Record):
    """A citizen's proposal that people should take part in a plan.

    `author_key` is an HMAC of the visitor's secret and the plan: it lets everybody propose once per plan.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals", verbose_name=_("plan"))
    author_key = models.BinaryField(max_length=32, editable=False)
    text = models.TextField(_("proposal"))
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.PENDING
    )
    answer = PlainText(_("reply of the city"), blank=True)
    answered_at = models.DateTimeField(_("replied"), null=True, blank=True, editable=False)

    objects: ClassVar = PlanProposalManager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ("created_at", "pk")
        constraints: ClassVar = (
            value_is_known("state", ProposalState.values, "planproposal_state"),
            models.UniqueConstraint(
                fields=("plan", "author_key"),
                name="planproposal_once_per_person",
                violation_error_message=_("You have already proposed participation for this plan."),
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="planproposal_not_empty",
                violation_error_message=_("A proposal needs a text."),
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
