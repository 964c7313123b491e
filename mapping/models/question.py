"""Questions of categories."""

from typing import Final

from django.contrib.gis.db import models
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Category
from mapping.models.checks import UNKNOWN_VALUE, json_is
from mapping.models.texts import PlainJSON, PlainLine


class QuestionKind(models.TextChoices):
    """How a question is asked and what an answer is in JSON."""

    TEXT = "text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    SINGLE_CHOICE = "single_choice", _("One choice")
    MULTIPLE_CHOICE = "multiple_choice", _("Several choices")
    SCALE = "scale", _("Scale")
    NUMBER = "number", _("Number")
    YES_NO = "yes_no", _("Yes or no")
    TIME_OF_DAY = "time_of_day", _("Time of day")


_CHOICES: Final = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE})
_MISSING_CHOICES: Final = _('Please list the choices: {"choices": [{"value": "a", "title": "A"}, ...]}.')


class Question(models.Model):
    """One form field of a category, asked once per contribution.

    `options` holds what the kind needs: `choices` (list of `{"value", "title"}`) for choices; `minimum`, `maximum`,
    `minimum_title`, `maximum_title` (integers, texts) for scales; `minimum`, `maximum`, `unit` for numbers.
    Answers in JSON: text, long_text, single_choice: string; multiple_choice: array of strings; scale: integer;
    number: number; yes_no: boolean; time_of_day: "HH:MM".
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
        """Choices need something to choose from, each with a name of its own; raises ValidationError."""
        problem = _choices_problem(self.options) if self.kind in _CHOICES else None
        if problem is not None:
            raise ValidationError({"options": ValidationError(problem, code="choices")})

    def __str__(self) -> str:
        return self.title


def _choices_problem(options: object) -> str | None:
    """What is wrong with the choices of a question; None where nothing is."""
    choices = options.get("choices") if isinstance(options, dict) else None
    if not isinstance(choices, list) or not choices:
        return str(_MISSING_CHOICES)
    named = [(one.get("value"), one.get("title")) for one in choices if isinstance(one, dict)]
    if len(named) != len(choices) or any(value is None or title is None for value, title in named):
        return str(_MISSING_CHOICES)
    for texts in zip(*named, strict=True):
        words = [text.strip().casefold() if isinstance(text, str) else "" for text in texts]
        if not all(words):
            return str(_("A choice has no value or no title. Please fill both, or take it out."))
        if len(set(words)) < len(words):
            return str(_("Two choices have the same value or title. Please give each its own."))
    return None
