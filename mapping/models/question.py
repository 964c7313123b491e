"""Questions of categories and of surveys."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign, Category
from mapping.models.checks import UNKNOWN_VALUE, json_is
from mapping.models.texts import PlainJSON, PlainLine
from mapping.questions import conditions
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS


class Audience(models.TextChoices):
    """Who may read the answers to a question."""

    PUBLIC = "public", _("Everyone")
    STAFF = "staff", _("Only staff")


class ResultsShown(models.TextChoices):
    """When the public sees the counted answers to a question of a survey."""

    LIVE = "live", _("At once")
    AFTER = "after", _("After the end")
    NEVER = "never", _("Never")


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions as forms, files and results need them."""

    def of_categories(self, campaign_id: int) -> "QuestionQuerySet":
        """Those asked per contribution, by category and position."""
        found = self.filter(category__campaign=campaign_id)
        return found.order_by("category__position", "category", "position", "pk")

    def of_survey(self, campaign_id: int) -> "QuestionQuerySet":
        """Those asked once per participant, by position."""
        return self.filter(campaign=campaign_id).order_by("position", "pk")

    def public(self) -> "QuestionQuerySet":
        """Those whose answers everyone may read; answers to others are stored apart (`staff_answers`)."""
        return self.filter(audience=Audience.PUBLIC)

    def for_staff(self) -> "QuestionQuerySet":
        """Those whose answers only staff may read."""
        return self.filter(audience=Audience.STAFF)


QuestionManager = models.Manager.from_queryset(QuestionQuerySet)


class RemovedQuestionQuerySet(models.QuerySet["RemovedQuestion"]):
    """Questions that are asked no more, as files need them."""

    def of_categories(self, campaign_id: int) -> "RemovedQuestionQuerySet":
        """Those that were asked per contribution, by category and former position."""
        found = self.filter(category__campaign=campaign_id)
        return found.order_by("category__position", "category", "position", "pk")

    def of_survey(self, campaign_id: int) -> "RemovedQuestionQuerySet":
        """Those that were asked once per participant, by former position."""
        return self.filter(campaign=campaign_id).order_by("position", "pk")

    def public(self) -> "RemovedQuestionQuerySet":
        """Those whose answers everyone may read."""
        return self.filter(audience=Audience.PUBLIC)


RemovedQuestionManager = models.Manager.from_queryset(RemovedQuestionQuerySet)


class Question(models.Model):
    """One form field: of a category, asked per contribution, or of a campaign's survey, asked once per participant.

    `options` holds what the kind needs: `choices` (list of `{"value", "title"}`, with `"other": true` where a text is
    asked for) for choices and rankings; `picture` and `alt` in choices of pictures; `rows` and `choices` for
    matrices; `minimum`, `maximum`, `minimum_title`, `maximum_title` (integers, texts) for scales; `minimum`,
    `maximum`, `unit` for numbers; `minimum`, `maximum` ("YYYY-MM-DD") for dates.

    Answers in JSON: text, long_text, single_choice, picture_choice, part_of_day: string; multiple_choice, ranking:
    array of strings; scale: integer; number: number; yes_no: boolean; time_of_day: "HH:MM"; date: "YYYY-MM-DD";
    matrix: object of a string by row; place: GeoJSON Point; a note has none.

    `show_if` is a condition on earlier answers (`mapping.questions.conditions`).
    """

    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("category"),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="survey_questions",
        verbose_name=_("survey of the campaign"),
    )
    slug = models.SlugField(_("short name"), max_length=80)
    title = PlainLine(_("question"), max_length=200)
    help_text = PlainLine(_("explanation"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    required = models.BooleanField(_("required"), default=False)
    options = PlainJSON(_("options"), default=dict, blank=True)
    show_if = PlainJSON(_("shown only if"), default=dict, blank=True)
    audience = models.CharField(
        _("who may read the answers"), max_length=8, choices=Audience.choices, default=Audience.PUBLIC
    )
    results = models.CharField(
        _("results are shown"), max_length=8, choices=ResultsShown.choices, default=ResultsShown.LIVE
    )
    starts_page = models.BooleanField(
        _("starts a new page"),
        default=False,
        help_text=_("In surveys: the question and those after it come on a page of their own."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects: ClassVar = QuestionManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("category", "position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("category", "slug"),
                name="question_slug_once_per_category",
                violation_error_message=_("This category has a question with this short name already."),
            ),
            models.UniqueConstraint(
                fields=("campaign", "slug"),
                name="question_slug_once_per_survey",
                violation_error_message=_("This survey has a question with this short name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(category=None) ^ models.Q(campaign=None),
                name="question_of_category_or_survey",
                violation_error_message=_("A question belongs either to a category or to a survey."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=QuestionKind.values),
                name="question_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values),
                name="question_audience",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(results__in=ResultsShown.values),
                name="question_results",
                violation_error_message=UNKNOWN_VALUE,
            ),
            json_is("options", "object", "question_options_object"),
            json_is("show_if", "object", "question_show_if_object"),
        )

    def clean(self) -> None:
        """Refuse options and conditions with which the question cannot be asked; raises ValidationError."""
        super().clean()
        kind = KINDS.get(self.kind)
        if kind is None:
            return
        if self.category_id is not None and not kind.for_contributions:
            words = _("Questions of this kind are asked in surveys only.")
            raise ValidationError({"kind": ValidationError(words, code="surveys_only")})
        problem = kind.options_problem(self.options)
        if problem is not None:
            raise ValidationError({"options": ValidationError(problem, code="options")})
        if self.show_if:
            problem = conditions.problem_of(self.show_if, self.earlier())
            if problem is not None:
                raise ValidationError({"show_if": ValidationError(problem, code="show_if")})

    @property
    def column(self) -> str:
        """The column of contributions and responses in which its answers lie."""
        return "staff_answers" if self.audience == Audience.STAFF else "answers"

    def siblings(self) -> "QuestionQuerySet":
        """The questions of the same category or survey, in order."""
        if self.campaign_id is not None:
            return Question.objects.of_survey(self.campaign_id)
        return Question.objects.filter(category=self.category_id).order_by("position", "pk")

    def earlier(self) -> "list[Question]":
        """The questions asked before this one, on which its condition may depend."""
        others = [one for one in self.siblings() if one.pk != self.pk]
        if self._state.adding:
            return [one for one in others if one.position <= self.position]
        return [one for one in others if (one.position, one.pk) < (self.position, self.pk)]

    def __str__(self) -> str:
        return self.title


class RemovedQuestion(models.Model):
    """A question that is asked no more, but whose answers were kept.

    Files still have them under its title, and its short name is not used again: new answers would be taken for old
    ones. The trigger that keeps answers for staff apart knows it, too (migration `0028_removed_questions`).
    """

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, related_name="removed_questions"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, null=True, related_name="removed_survey_questions"
    )
    slug = models.SlugField(max_length=80)
    title = PlainLine(max_length=200)
    help_text = PlainLine(max_length=300, blank=True)
    kind = models.CharField(max_length=16, choices=QuestionKind.choices)
    required = models.BooleanField(default=False)
    options = PlainJSON(default=dict, blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.PUBLIC)
    results = models.CharField(max_length=8, choices=ResultsShown.choices, default=ResultsShown.LIVE)
    position = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar = RemovedQuestionManager()

    class Meta:
        default_permissions = ()
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("category", "slug"),
                name="removedquestion_slug_once_per_category",
                violation_error_message=_("This category has a question with this short name already."),
            ),
            models.UniqueConstraint(
                fields=("campaign", "slug"),
                name="removedquestion_slug_once_per_survey",
                violation_error_message=_("This survey has a question with this short name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(category=None) ^ models.Q(campaign=None),
                name="removedquestion_of_category_or_survey",
                violation_error_message=_("A question belongs either to a category or to a survey."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=QuestionKind.values),
                name="removedquestion_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(audience__in=Audience.values),
                name="removedquestion_audience",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(results__in=ResultsShown.values),
                name="removedquestion_results",
                violation_error_message=UNKNOWN_VALUE,
            ),
            json_is("options", "object", "removedquestion_options_object"),
        )

    def __str__(self) -> str:
        return self.title
