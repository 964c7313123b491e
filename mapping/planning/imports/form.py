"""The form of an import: entered values, questions, and their controls.

The questions depend on the fields of the file, hence no Django form: a list of sections with their questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import pyproj

from mapping.geo.crs import parse_crs
from mapping.geo.errors import GeometryProblem
from mapping.imports.messages import file_sentence
from mapping.imports.parts import Parts
from mapping.imports.problems import TableProblem
from mapping.imports.reading.dates import DateForm
from mapping.imports.reading.rows import Reading
from mapping.imports.reading.uploads import Upload

ENCODINGS: Final = (("cp1252", "Windows-1252"), ("iso-8859-15", "ISO 8859-15"))
"""Encodings of text files and Shapefiles that are not in UTF-8."""

LAT_FIRST: Final = "lat-lon"
LON_FIRST: Final = "lon-lat"
LONGEST: Final = 500
"""Most characters of one value of the form."""


@dataclass(frozen=True, slots=True)
class Given:
    """Entered values by name; texts are stripped and truncated."""

    values: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        """The last value of a name, or an empty text."""
        found = self.values.get(name) or ("",)
        return found[-1].replace("\0", "").strip()[:LONGEST]

    def name(self, name: str) -> str | None:
        """A field of the file or another name; None without a choice."""
        return self.text(name) or None

    def many(self, name: str) -> list[str]:
        """All values of a name."""
        cleaned = (one.replace("\0", "").strip()[:LONGEST] for one in self.values.get(name, ()))
        return [one for one in cleaned if one]

    def flag(self, name: str) -> bool:
        """Whether a checkbox is ticked."""
        return bool(self.text(name))

    def but(self, **changed: str) -> "Given":
        """Return a copy with other texts."""
        return Given({**self.values, **{name: [value] for name, value in changed.items()}})

    def encoding(self) -> str | None:
        """The chosen encoding; None for UTF-8 and for invalid choices."""
        chosen = self.text("encoding")
        return chosen if chosen in dict(ENCODINGS) else None

    def reading(self) -> Reading:
        """Options for reading the file."""
        header, order = self.text("header"), self.text("place_order")
        return Reading(
            layer=self.name("layer"),
            encoding=self.encoding(),
            header=int(header) if header.isdecimal() and len(header) < 4 else None,
            place_field=self.name("place_field"),
            lat_first=order == LAT_FIRST if order in {LAT_FIRST, LON_FIRST} else None,
        )

    def date_form(self) -> DateForm:
        """The date format."""
        chosen = self.text("date_form")
        return DateForm(chosen) if chosen in set(DateForm) else DateForm.ANY

    def parts(self) -> Parts:
        """The treatment of multipart geometries."""
        chosen = self.text("parts")
        return Parts(chosen) if chosen in set(Parts) else Parts.WHOLE

    def crs(self) -> pyproj.CRS | None:
        """The chosen CRS; raises TableProblem for an unknown one."""
        written = self.text("crs")
        if not written:
            return None
        try:
            return parse_crs(f"EPSG:{written}" if written.isdigit() else written)
        except GeometryProblem as problem:
            raise TableProblem(str(problem), problem.code, **problem.params) from problem


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list."""

    value: str
    title: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its control; `reloads` if the preview depends on it."""

    name: str
    label: str
    kind: Literal["select", "text", "check", "checks"] = "text"
    value: str = ""
    options: Sequence[Option] = ()
    help: str = ""
    error: str = ""
    reloads: bool = False
    required: bool = False
    suggestions: Sequence[Option] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the category field with the number of its rows and its chosen target."""

    number: int
    text: str
    rows: int
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under a heading; `values` only for the category field."""

    title: str
    questions: Sequence[Question]
    help: str = ""
    values: Sequence[Value] = field(default_factory=tuple)


def select(
    name: str,
    label: str,
    given: Given,
    choices: Iterable[tuple[str, str]],
    *,
    empty: str = "",
    **more: object,
) -> Question:
    """Make a select control; `empty` is the title of the empty choice."""
    chosen = given.text(name)
    options = [Option(value, title, value == chosen) for value, title in choices]
    if empty:
        options.insert(0, Option("", empty, not chosen))
    return Question(name, label, "select", chosen, options, **more)  # type: ignore[arg-type] # the caller's choice


def field_select(
    name: str, label: str, given: Given, fields: Sequence[str], *, empty: str, **more: object
) -> Question:
    """Make a select control of the file's fields."""
    return select(name, label, given, ((one, one[:80]) for one in fields), empty=empty, **more)


def text(name: str, label: str, given: Given, **more: object) -> Question:
    """Make a text control."""
    return Question(name, label, "text", given.text(name), **more)  # type: ignore[arg-type] # the caller's choice


def check(name: str, label: str, given: Given, **more: object) -> Question:
    """Make a checkbox."""
    options = [Option("1", label, given.flag(name))]
    return Question(name, label, "check", given.text(name), options, **more)  # type: ignore[arg-type] # as above


def checks(name: str, label: str, given: Given, choices: Iterable[str], **more: object) -> Question:
    """Make a group of checkboxes."""
    chosen = set(given.many(name))
    options = [Option(one, one[:80], one in chosen) for one in choices]
    return Question(name, label, "checks", "", options, **more)  # type: ignore[arg-type] # as above


def problem_sentence(problem: TableProblem, upload: Upload | None = None) -> str:
    """The message for a refused file in the language of the page; GDAL's own message is shown by the command only."""
    words = file_sentence(problem.code, problem.params)
    return words if upload is None else f"{upload.name}: {words}"
