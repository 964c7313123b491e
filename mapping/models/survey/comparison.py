"""Whom the people who answered a question are compared with, e.g. the inhabitants by age."""

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import DecimalField, F, Func, Lookup, Q, Value
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.checks import UNKNOWN_VALUE, json_is
from mapping.models.question import Question
from mapping.models.texts import PlainJSON, PlainLine
from mapping.questions.names import QuestionKind

COMPARABLE: Final = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.PICTURE_CHOICE, QuestionKind.YES_NO, QuestionKind.PART_OF_DAY}
)
"""Kinds whose answers put each person into one of few groups."""

LOWEST_TOTAL: Final = 99
HIGHEST_TOTAL: Final = 101
"""What shares in per cent may add up to: rounded ones seldom make 100."""


class ComparedAbout(models.TextChoices):
    """What a question divides people by."""

    AGE = "age", _("Age groups")
    RESIDENCE = "residence", _("Districts where people live")
    GENDER = "gender", _("Gender")
    OTHER = "other", _("Something else")


class ReferenceUnit(models.TextChoices):
    """In what the sizes of groups are given."""

    PEOPLE = "people", _("Numbers of people")
    PER_CENT = "per_cent", _("Shares in per cent")


class GroupsTotal(Func):
    """The sum of the sizes of all groups, -1 where the groups are not well-formed (migration `0034_comparisons`)."""

    arity = 1
    function = "mapping_groups_total"
    output_field = DecimalField()


def _total_is(lookup: "type[Lookup[Any]]", value: int) -> Q:
    return Q(lookup(GroupsTotal(F("groups")), Value(value)))


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    """Comparisons as pages need them."""

    def of(self, campaign_id: int) -> "ComparisonQuerySet":
        """Those of a campaign's survey, in the order of the questions."""
        found = self.filter(question__campaign=campaign_id).select_related("question")
        return found.order_by("question__position", "question")

    def public(self) -> "ComparisonQuerySet":
        """Those that are shown beside the public results of their question, once these are public themselves."""
        return self.filter(is_public=True)


ComparisonManager = models.Manager.from_queryset(ComparisonQuerySet)


class Comparison(models.Model):
    """The reference distribution of a survey's question.

    `groups` is a list of `{"title", "size", "choices"}`: the size in `unit`, and the values of the question's choices
    that belong to the group. Choices in no group, and groups without choices, take no part in the comparison.
    """

    question = models.OneToOneField(
        Question, on_delete=models.CASCADE, related_name="comparison", verbose_name=_("question")
    )
    about = models.CharField(_("divided by"), max_length=10, choices=ComparedAbout.choices)
    unit = models.CharField(_("the numbers are"), max_length=8, choices=ReferenceUnit.choices)
    groups = PlainJSON(_("groups"), default=list)
    source = PlainLine(_("source"), max_length=300)
    as_of = models.DateField(_("as of"))
    is_public = models.BooleanField(_("shown beside the public results"), default=False)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects: ClassVar = ComparisonManager()

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        default_permissions = ()
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(about__in=ComparedAbout.values),
                name="comparison_about",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=Q(unit__in=ReferenceUnit.values),
                name="comparison_unit",
                violation_error_message=UNKNOWN_VALUE,
            ),
            json_is("groups", "array", "comparison_groups_array"),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="comparison_has_source",
                violation_error_message=_("Please name the source of the numbers."),
            ),
            models.CheckConstraint(
                condition=_total_is(GreaterThan, 0)
                & (
                    ~Q(unit=ReferenceUnit.PER_CENT)
                    | _total_is(GreaterThanOrEqual, LOWEST_TOTAL) & _total_is(LessThanOrEqual, HIGHEST_TOTAL)
                ),
                name="comparison_total",
                violation_error_message=_(
                    "Shares must add up to about 100 per cent, numbers of people to more than nobody."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.question)
