"""Parsing of cells of a table: answers as written by people and programs."""

from mapping.models import Question
from mapping.questions.registry import KINDS


def answer_of(question: Question, value: object) -> object:
    """Parse a cell as an answer of the question's kind, or return it unchanged (validation then fails).

    Choices may be written by their value or their title, several of them with ; | or , between.
    """
    return KINDS[question.kind].cell(question.options, value)
