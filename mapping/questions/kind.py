"""Base class of the kinds of questions."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, Protocol

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.questions.names import QuestionKind

Answer = str | int | float | bool | list[str] | dict[str, Any]
Options = Mapping[str, Any]
ColumnType = Literal["text", "integer", "number", "boolean", "texts", "objects"]
"""Types of answers in files and in scripts; `texts` are lists of texts, `objects` JSON objects."""
Measured = Literal["number", "share", "rank", "step"]
"""What the mean of answers is one of: numbers; per cent of those who chose a part; its rank; its step on a scale."""
Limits = Literal["", "number", "date", "time"]
"""Types of the limits of ranges; empty for answers without an order."""
Open311Type = Literal["string", "text", "number", "singlevaluelist", "multivaluelist"]

OPEN_ENDS: Final = ("", "..")
"""How ranges leave an end open."""
NO_ANSWER: Final = ("", _("No answer"))
MOST_RADIOS: Final = 8


class Asked(Protocol):
    """What a kind needs to know of a question; `mapping.models.Question` fits."""

    @property
    def help_text(self) -> str:
        """The explanation below the title."""

    @property
    def options(self) -> Any:
        """The options of the kind."""

    @property
    def required(self) -> bool:
        """Whether citizens must answer."""


class AnswerRefused(Exception):
    """An answer that cannot be stored; `code` and `params` name the message."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Kind(ABC):
    """A kind of question."""

    name: ClassVar[QuestionKind]
    column: ClassVar[ColumnType]
    open311: ClassVar[Open311Type]
    fixed_choices: ClassVar[tuple[tuple[str, Promise], ...]] = ()
    """Value and title of all answers of a kind whose questions do not list their own."""
    measured: ClassVar[Measured | None] = None
    """What the mean of answers is one of; None where they have none."""
    limits: ClassVar[Limits] = ""
    """The type of the limits of ranges of answers."""
    is_long: ClassVar[bool] = False
    """Whether answers are paragraphs."""
    is_answered: ClassVar[bool] = True
    """Whether there is something to answer: notes have nothing."""
    for_contributions: ClassVar[bool] = True
    """Whether categories may ask it; surveys may ask every kind."""
    lists_choices: ClassVar[bool] = False
    """Whether the question lists its own choices in the option `choices`."""
    input_required: ClassVar[bool] = True
    """Whether browsers can insist on an answer; they cannot for a group of checkboxes."""

    @property
    def is_measure(self) -> bool:
        """Whether answers are numbers."""
        return self.measured == "number"

    def options_problem(self, options: object) -> str | None:
        """Describe what is wrong with the options, in the active language; None where nothing is."""
        return None

    def read(self, value: object, options: Options) -> Answer | None:
        """Parse an answer in JSON into its canonical form; None where there is none; raises AnswerRefused."""
        return None if value is None or value == "" else self.parse(value, options)

    def is_complete(self, answer: object, options: Options) -> bool:
        """Whether an answer is enough where one is required."""
        return answer is not None

    @abstractmethod
    def parse(self, value: object, options: Options) -> Answer | None:
        """As `read`, for a value that is there; None where nothing is left of it."""

    @abstractmethod
    def field(self, question: Asked) -> forms.Field:
        """The form field."""

    def posted(self, value: object) -> object:
        """The answer in JSON of a form's value. What cannot be parsed is passed unchanged, and `read` refuses it."""
        return value

    def initial(self, answer: object) -> object:
        """The form's value of a stored answer."""
        return answer

    def words(self, question: Asked, answer: object) -> str:
        """The answer in words; one that no longer fits its changed question is shown as it is."""
        return str(answer)

    def choices(self, options: Options) -> Iterator[tuple[str, str]]:
        """Value and title of all answers, where they can be listed: contributions are filtered by them."""
        yield from ()

    def filters(self, options: Options) -> Iterator[tuple[str, str]]:
        """Value and title of all that answers can be filtered by one by one: the choices, and what is made of them."""
        yield from self.choices(options)

    def parts(self, options: Options) -> Iterator[tuple[str, str]]:
        """Value and title of the parts of an answer that have a mean each; none where it is measured as a whole."""
        yield from ()

    def stored(self, value: str) -> object | None:
        """What an answer holds that means `value` of `filters`; a list means a list that contains it."""
        return None

    def path(self, value: str) -> str | None:
        """The jsonpath below an answer that means `value` of `filters`, where `stored` cannot express it."""
        return None

    def limit(self, text: str) -> str | float | None:
        """Parse a limit of a range of answers; None for anything else."""
        return None

    def range_of(self, text: str) -> tuple[str | float | None, str | float | None] | None:
        """Parse a range of answers, both ends included: `5/20`, `5/..`, `../20`, or one value; None for others."""
        first, slash, last = text.partition("/")
        ends = (first, last) if slash else (first, first)
        if not self.limits or all(end in OPEN_ENDS for end in ends):
            return None
        low, high = (None if end in OPEN_ENDS else self.limit(end) for end in ends)
        if any(end not in OPEN_ENDS and one is None for end, one in zip(ends, (low, high), strict=True)):
            return None
        return low, high

    def between(self, low: str | float | None, high: str | float | None) -> str:
        """The jsonpath below answers in a range; one of times may pass midnight."""
        if low is None or high is None:
            test = f"@ <= {json.dumps(high)}" if low is None else f"@ >= {json.dumps(low)}"
        else:
            # Both ends are of the kind's own type.
            both = "||" if self.limits == "time" and str(high) < str(low) else "&&"
            test = f"@ >= {json.dumps(low)} {both} @ <= {json.dumps(high)}"
        return f" ? ({test})"

    def counted(self, answer: object) -> Iterator[str]:
        """Each value that an answer adds one to in a count of responses: choices by their value, numbers as text.

        The trigger of `mapping_surveytally` counts by the same rule (migration `0027_survey_counts`).
        """
        yield from ()

    @abstractmethod
    def cell(self, options: Options, value: object) -> object:
        """Parse a cell of a table; what cannot be parsed is passed unchanged, and `read` refuses it."""

    def open311_type(self, options: Options) -> Open311Type:
        """The data type of a GeoReport v2 attribute."""
        return self.open311

    def open311_values(self, options: Options) -> Iterator[tuple[str, str]]:
        """Key and name of each value of an attribute that is a list."""
        yield from self.choices(options)

    def open311_hint(self, options: Options) -> str:
        """What to write, where the data type does not say it."""
        return ""

    def open311_answer(self, values: Sequence[str]) -> object:
        """The answer in JSON of the values of an attribute; raises AnswerRefused "repeated" for too many."""
        if len(values) > 1:
            raise AnswerRefused("repeated")
        return self.sent(values[0])

    def sent(self, value: str) -> object:
        """The answer in JSON of the one value of an attribute."""
        return value


def radios(question: Asked, choices: list[tuple[str, Any]]) -> forms.Field:
    """Radio buttons. They cannot be unchecked: optional questions get a choice of no answer."""
    offered = choices if question.required else [*choices, NO_ANSWER]
    return forms.CharField(required=False, widget=forms.RadioSelect(choices=offered))
