"""Votes: the rule by which people choose among the options of a category, and what they choose among."""

import secrets
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Category, Contribution, ContributionStatus, Publication
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.texts import PlainLine, PlainText

MOST_COST: Final = 999_999_998
"""Most of a cost or a sum, in whole euros; 999,999,999 means withdrawn in files of Pabulib."""
MOST_POINTS: Final = 1000
"""Most points that one person distributes."""


class Rule(models.TextChoices):
    """How people choose. What a ballot holds for an option: 1, or as said here."""

    FOR_AGAINST = "for_against", _("For or against each proposal")  # 1 or -1
    ONE_OF = "one_of", _("One proposal")
    UP_TO = "up_to", _("Several proposals, up to a number")
    POINTS = "points", _("Points to distribute")  # points, from 1
    BUDGET = "budget", _("Proposals that fit a sum of money")
    APPROVAL = "approval", _("Any number of proposals, paid from a sum of money")
    RANKING = "ranking", _("Proposals in an order")  # the rank, from 1, the best

    @property
    def has_costs(self) -> bool:
        """Whether options have costs, and winners are what a sum of money pays for."""
        return self in {Rule.BUDGET, Rule.APPROVAL}


class Shown(models.TextChoices):
    """Who sees results, and when."""

    LIVE = "live", _("Everyone, at any time")
    AFTER_END = "after_end", _("Everyone, after the end")
    STAFF = "staff", _("Staff only")


class Method(models.TextChoices):
    """How a sum of money is spent."""

    GREEDY = "greedy", _("Most votes that fit")
    EQUAL_SHARES = "equal_shares", _("Equal shares")


def new_lot() -> str:
    """A random lot: what is tied is ordered by the SHA-256 of lot and option, never by an id."""
    return secrets.token_hex(16)


class VoteQuerySet(models.QuerySet["Vote"]):
    """Votes as pages and the API read them."""

    def public(self) -> "VoteQuerySet":
        """Votes of campaigns that everyone may see: no drafts, none where single contributions are protected."""
        return self.filter(
            category__campaign__is_draft=False, category__campaign__publication=Publication.POINTS
        )

    def of(self, campaign: Campaign) -> "VoteQuerySet":
        """The votes of a campaign in the order of its categories."""
        return self.filter(category__campaign=campaign).order_by("category__position", "category__pk")


VoteManager = models.Manager.from_queryset(VoteQuerySet)


class Vote(models.Model):
    """The rule of a category whose contributions are options.

    Rule, limits and sum stay as they are once there is a ballot (migration `0001_votes`). Sums are in whole euros.
    """

    category = models.OneToOneField(
        Category, on_delete=models.CASCADE, related_name="vote", verbose_name=_("category")
    )
    rule = models.CharField(_("rule"), max_length=12, choices=Rule.choices, default=Rule.UP_TO)
    most_choices = models.PositiveSmallIntegerField(_("most proposals on a ballot"), null=True, blank=True)
    points = models.PositiveSmallIntegerField(_("points to distribute"), null=True, blank=True)
    most_points = models.PositiveSmallIntegerField(_("most points for one proposal"), null=True, blank=True)
    budget = models.PositiveIntegerField(_("sum of money in euros"), null=True, blank=True)
    method = models.CharField(
        _("how the sum is spent"), max_length=12, choices=Method.choices, default=Method.EQUAL_SHARES
    )
    winners = models.PositiveSmallIntegerField(_("number of winners"), null=True, blank=True)
    results = models.CharField(
        _("who sees the results"), max_length=10, choices=Shown.choices, default=Shown.AFTER_END
    )
    needs_code = models.BooleanField(
        _("with voting codes only"),
        default=False,
        help_text=_("Each printed code counts once; without, each browser counts once."),
    )
    explanation = PlainText(_("explanation"), blank=True)
    lot = models.CharField(max_length=32, default=new_lot, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects: ClassVar = VoteManager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ("category",)
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(rule__in=Rule.values),
                name="vote_rule",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(results__in=Shown.values),
                name="vote_results",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=Method.values),
                name="vote_method",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(most_choices=None) & ~models.Q(rule=Rule.UP_TO)
                | models.Q(
                    most_choices__isnull=False, most_choices__gte=1, rule__in=(Rule.UP_TO, Rule.RANKING)
                ),
                name="vote_most_choices",
                violation_error_message=_("Please enter how many proposals people may choose."),
            ),
            models.CheckConstraint(
                condition=~models.Q(rule=Rule.POINTS) & models.Q(points=None, most_points=None)
                | models.Q(
                    rule=Rule.POINTS,
                    points__isnull=False,
                    most_points__isnull=False,
                    points__gte=1,
                    points__lte=MOST_POINTS,
                    most_points__gte=1,
                    most_points__lte=models.F("points"),
                ),
                name="vote_points",
                violation_error_message=_(
                    "Please enter how many points people have, and how many one proposal can get at most."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(rule__in=(Rule.BUDGET, Rule.APPROVAL)) & models.Q(budget=None)
                | models.Q(
                    rule__in=(Rule.BUDGET, Rule.APPROVAL),
                    budget__isnull=False,
                    budget__gte=1,
                    budget__lte=MOST_COST,
                ),
                name="vote_budget",
                violation_error_message=_("Please enter the sum of money."),
            ),
            models.CheckConstraint(
                condition=models.Q(winners=None)
                | models.Q(winners__gte=1) & ~models.Q(rule__in=(Rule.BUDGET, Rule.APPROVAL)),
                name="vote_winners",
                violation_error_message=_(
                    "The number of winners is at least 1, and results from a sum of money."
                ),
            ),
        )

    def __str__(self) -> str:
        return self.category.title

    @property
    def campaign(self) -> Campaign:
        """The campaign of the category."""
        return self.category.campaign


class OptionQuerySet(models.QuerySet["Option"]):
    """Options as pages, the API and counts read them."""

    def public(self) -> "OptionQuerySet":
        """Options that everyone may see, withdrawn ones too: contributions that pass the gate of contributions."""
        return self.filter(contribution__in=Contribution.objects.published())

    def accepted(self) -> "OptionQuerySet":
        """For staff and for counts: options that passed the review, in drafts too, withdrawn ones too."""
        return self.filter(contribution__status=ContributionStatus.PUBLISHED)

    def shown_in(self, campaign: Campaign) -> "OptionQuerySet":
        """Options on the pages of a campaign, for whoever may see it: members alone see drafts."""
        return self.accepted() if campaign.is_draft else self.public()

    def standing(self) -> "OptionQuerySet":
        """For staff: options that people can choose: accepted, not withdrawn, not merged into another one."""
        return self.accepted().filter(withdrawn_at=None, merged_into=None)


OptionManager = models.Manager.from_queryset(OptionQuerySet)


class Option(models.Model):
    """A contribution that people choose, or not. Cost in whole euros.

    Its title, text, place and picture are those of the contribution, a place of the city. An option that was withdrawn
    keeps its votes.
    """

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="options", verbose_name=_("vote"))
    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="option", verbose_name=_("contribution")
    )
    cost = models.PositiveIntegerField(_("cost in euros"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_reason = PlainLine(_("reason"), max_length=300, blank=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    ideas = models.ManyToManyField(
        Contribution, blank=True, related_name="options", verbose_name=_("ideas it was made from")
    )

    objects: ClassVar = OptionManager()

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ("vote", "contribution__position", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(cost=None) | models.Q(cost__gte=1, cost__lte=MOST_COST),
                name="option_cost",
                violation_error_message=_("The cost is a whole number of euros, at least 1."),
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")),
                name="option_not_merged_into_itself",
                violation_error_message=_("A proposal cannot be merged into itself."),
            ),
        )

    def __str__(self) -> str:
        return self.contribution.title


class OptionChangeKind(models.TextChoices):
    """What changed."""

    COST = "cost", _("Cost")
    WORDS = "words", _("Text")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RETURNED = "returned", _("Back again")
    MERGED = "merged", _("Merged")


class OptionChange(models.Model):
    """A change of an option after the first ballot: voters are told, and the result says so."""

    option = models.ForeignKey(
        Option, on_delete=models.CASCADE, related_name="changes", verbose_name=_("option")
    )
    kind = models.CharField(_("what changed"), max_length=10, choices=OptionChangeKind.choices)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    reason = PlainLine(_("reason"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("change of an option")
        verbose_name_plural = _("changes of options")
        ordering = ("option", "changed_at", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(kind__in=OptionChangeKind.values),
                name="optionchange_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.option_id} · {self.kind}"
