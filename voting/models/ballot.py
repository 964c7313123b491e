"""Ballots: one person's choice, online or on paper, and what says who counts once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, District, Participant
from mapping.models.texts import PlainLine
from voting.models.vote import Option, Vote


class CodeSeries(models.Model):
    """Voting codes that were printed together, of one district or of none."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="code_series", verbose_name=_("campaign")
    )
    name = PlainLine(_("name"), max_length=80)
    district = models.ForeignKey(
        District,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("district"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("series of voting codes")
        verbose_name_plural = _("series of voting codes")
        ordering = ("campaign", "created_at", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("campaign", "name"),
                name="codeseries_name_once",
                violation_error_message=_("This campaign has a series with this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class VotingCode(models.Model):
    """A printed one-time code, known only by a keyed digest: lets one person vote once in each vote of a campaign.

    `number` is printed beside the code, so that a lost one can be replaced; a code that was replaced is void, and so is
    its ballot.
    """

    series = models.ForeignKey(
        CodeSeries, on_delete=models.CASCADE, related_name="codes", verbose_name=_("series")
    )
    number = models.PositiveIntegerField(_("number"))
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    voided_at = models.DateTimeField(_("void since"), null=True, editable=False)

    class Meta:
        verbose_name = _("voting code")
        verbose_name_plural = _("voting codes")
        ordering = ("series", "number", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("series", "number"),
                condition=models.Q(voided_at=None),
                name="votingcode_number_once",
                violation_error_message=_("This series has a code with this number already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.series_id} · {self.number}"


class BallotPile(models.Model):
    """A pile of paper ballots: entered one by one, compared with what was counted by hand, and closed.

    `counted` is the number of ballots in the pile, `totals` are counted votes by option (its id as text).
    """

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="piles", verbose_name=_("vote"))
    name = PlainLine(_("name"), max_length=40)
    counted = models.PositiveIntegerField(_("ballots counted by hand"), null=True, blank=True)
    totals = models.JSONField(_("votes counted by hand"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)

    class Meta:
        verbose_name = _("pile of paper ballots")
        verbose_name_plural = _("piles of paper ballots")
        ordering = ("vote", "created_at", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("vote", "name"),
                name="ballotpile_name_once",
                violation_error_message=_("This vote has a pile with this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """Ballots of a span of time that do not count: why, and by whom; published with the result.

    Start included, end excluded. `undone_at` is when they were counted again.
    """

    vote = models.ForeignKey(
        Vote, on_delete=models.CASCADE, related_name="set_asides", verbose_name=_("vote")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = PlainLine(_("reason"), max_length=300)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    undone_at = models.DateTimeField(_("counted again"), null=True, editable=False)

    class Meta:
        verbose_name = _("ballots that do not count")
        verbose_name_plural = _("ballots that do not count")
        ordering = ("vote", "created_at", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="setaside_starts_before_it_ends",
                violation_error_message=_("The span must end after it begins. Please check both times."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="setaside_has_a_reason",
                violation_error_message=_("Please write why these ballots do not count."),
            ),
        )

    def __str__(self) -> str:
        return self.reason


class BallotQuerySet(models.QuerySet["Ballot"]):
    """Ballots as counts read them."""

    def counted(self) -> "BallotQuerySet":
        """Ballots that count: all but those that were set aside."""
        return self.filter(set_aside=None)


BallotManager = models.Manager.from_queryset(BallotQuerySet)


class Ballot(models.Model):
    """What one person chose in a vote; never public.

    It belongs to a participant (open votes), to a code (votes with codes) or to a pile (paper). These three and the
    moments are empty once the vote has ended and its result was stored: then nobody can be linked to a ballot any more.
    A ballot without choices counts as one.
    """

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="ballots", verbose_name=_("vote"))
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        null=True,
        related_name="ballots",
        verbose_name=_("participant"),
    )
    code = models.ForeignKey(
        VotingCode, on_delete=models.CASCADE, null=True, related_name="ballots", verbose_name=_("voting code")
    )
    pile = models.ForeignKey(
        BallotPile, on_delete=models.RESTRICT, null=True, related_name="ballots", verbose_name=_("pile")
    )
    is_on_paper = models.BooleanField(_("on paper"), default=False)
    district = models.ForeignKey(
        District, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("district")
    )
    set_aside = models.ForeignKey(
        SetAside,
        on_delete=models.RESTRICT,
        null=True,
        related_name="ballots",
        verbose_name=_("does not count"),
    )
    created_at = models.DateTimeField(_("created"), null=True, default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, default=timezone.now, editable=False)

    objects: ClassVar = BallotManager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        indexes: ClassVar = (models.Index(fields=("vote", "created_at"), name="ballot_by_moment"),)
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("vote", "participant"),
                name="ballot_once_per_participant",
                violation_error_message=_("This person has voted already."),
            ),
            models.UniqueConstraint(
                fields=("vote", "code"),
                name="ballot_once_per_code",
                violation_error_message=_("This code was used already."),
            ),
            models.CheckConstraint(
                condition=models.Q(participant=None, code=None)
                | models.Q(participant=None, pile=None)
                | models.Q(code=None, pile=None),
                name="ballot_of_one_kind",
                violation_error_message=_("A ballot belongs to one person, one code or one pile."),
            ),
            models.CheckConstraint(
                condition=models.Q(pile=None) | models.Q(is_on_paper=True),
                name="ballot_of_a_pile_is_on_paper",
                violation_error_message=_("Ballots of a pile are on paper."),
            ),
        )

    def __str__(self) -> str:
        return str(self.vote_id)


class Choice(models.Model):
    """What a ballot gives an option: 1, -1, points, or a rank (see `Rule`)."""

    ballot = models.ForeignKey(
        Ballot, on_delete=models.CASCADE, related_name="choices", verbose_name=_("ballot")
    )
    option = models.ForeignKey(
        Option, on_delete=models.CASCADE, related_name="choices", db_index=False, verbose_name=_("option")
    )
    value = models.SmallIntegerField(_("value"), default=1)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        # Results are counted from this index alone; it also serves the key of the option.
        indexes: ClassVar = (
            models.Index(fields=("option", "value"), include=("ballot",), name="choice_counting"),
        )
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("ballot", "option"),
                name="choice_once_per_option",
                violation_error_message=_("A ballot names each proposal once."),
            ),
            models.CheckConstraint(
                condition=models.Q(value=-1) | models.Q(value__gte=1, value__lte=1000),
                name="choice_value",
                violation_error_message=_("A choice is 1, -1, points from 1 or a rank from 1."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.option_id}: {self.value}"
