"""Questions of categories."""

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Category
from mapping.models.checks import UNKNOWN_VALUE, json_is
from mapping.models.texts import PlainJSON, PlainLine
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS


class Question(models.Model):
    """One form field of a category, asked once per contribution.

    `options` holds what the kind needs: `choices` (list of `{"value", "title"}`) for choices; `minimum`, `maximum`,
    `minimum_title`, `maximum_title` (integers, texts) for scales; `minimum`, `maximum`, `unit` for numbers; `minimum`,
    `maximum` ("YYYY-MM-DD") for dates.
    Answers in JSON: text, long_text, single_choice, part_of_day: string; multiple_choice: array of strings; scale:
    integer; number: number; yes_no: boolean; time_of_day: "HH:MM"; date: "YYYY-MM-DD".
    """

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="questions", verbose_name=_("category")
    )
    slug = models.SlugField(_("short name"), max_length=80)
    title = PlainLine(_("question"), max_length=200)
    help_text = PlainLine(_("explanation"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=QuestionKind.choices)
    required = models.BooleanField(_("required"), default=False)
    options = PlainJSON(_("options"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

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
            models.CheckConstraint(
                condition=models.Q(kind__in=QuestionKind.values),
                name="question_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
            json_is("options", "object", "question_options_object"),
        )

    def clean(self) -> None:
        """Refuse options with which the question cannot be asked; raises ValidationError."""
        super().clean()
        kind = KINDS.get(self.kind)
        problem = kind.options_problem(self.options) if kind is not None else None
        if problem is not None:
            raise ValidationError({"options": ValidationError(problem, code="options")})

    def __str__(self) -> str:
        return self.title
