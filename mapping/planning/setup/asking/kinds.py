"""What each kind of question is for, for those who add one."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import QuestionKind

WHAT_FOR: Final[Mapping[str, Promise]] = {
    QuestionKind.TEXT: _("One line in people's own words"),
    QuestionKind.LONG_TEXT: _("Paragraphs in people's own words"),
    QuestionKind.SINGLE_CHOICE: _("One of several answers"),
    QuestionKind.MULTIPLE_CHOICE: _("All answers that are true"),
    QuestionKind.SCALE: _("A step between two ends, such as 1 to 5"),
    QuestionKind.NUMBER: _("A number, with a unit"),
    QuestionKind.YES_NO: _("Two buttons"),
    QuestionKind.TIME_OF_DAY: _("Hour and minute"),
    QuestionKind.DATE: _("A day of the calendar"),
    QuestionKind.PART_OF_DAY: _("Morning, evening, at night …"),
    QuestionKind.PICTURE_CHOICE: _("One of several pictures"),
    QuestionKind.RANKING: _("Answers put in an order, the best first"),
    QuestionKind.MATRIX: _("Several statements judged by the same answers"),
    QuestionKind.PLACE: _("A point on the map"),
    QuestionKind.NOTE: _("No question: a heading with a text between questions"),
}
