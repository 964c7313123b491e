"""The names of the kinds."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    DATE = "date", _("Date")
    PART_OF_DAY = "part_of_day", _("Part of the day")
    PICTURE_CHOICE = "picture_choice", _("Choice of a picture")
    RANKING = "ranking", _("Ranking")
    MATRIX = "matrix", _("Matrix of statements")
    PLACE = "place", _("Place on the map")
    NOTE = "note", _("Heading and explanation")
