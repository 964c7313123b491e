"""A survey written as XLSForm is read as the same survey."""

import unicodedata
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapping.imports.xlsform.form import FormQuestion
from mapping.imports.xlsform.reading import read_xlsform
from mapping.imports.xlsform.writing import Translated, form_of
from mapping.models import QuestionKind
from tests import personas

CHOICES = [{"value": "day", "title": "Am Tag"}, {"value": "night", "title": "In der Nacht"}]
OTHER = {"value": "x", "title": "Etwas anderes", "other": True}
PICTURE = {"value": "sun", "title": "Sonne", "picture": str(uuid4()), "alt": "Eine Sonne über der Stadt"}


def question(slug: str, kind: str, options: Mapping[str, Any] | None = None, **fields: Any) -> FormQuestion:
    """A question with the options that its kind needs."""
    given_options = personas.QUESTION_OPTIONS.get(kind, {}) if options is None else options
    title = fields.pop("title", f"Frage {slug}?")
    return FormQuestion(row=0, slug=slug, title=title, kind=kind, options=given_options, **fields)


def read_again(questions: Sequence[FormQuestion]) -> list[FormQuestion]:
    """What is read of what was written, without the rows."""
    further = tuple(dict.fromkeys(tag for one in questions for tag in one.translations))
    translated = Translated(further=further, texts={one.slug: one.translations for one in questions})
    found = read_xlsform(form_of(questions, "Titel", "titel", translated))
    assert [(one.row, one.code, one.params) for one in found.problems] == []
    assert [one.code for one in found.notes] == (["languages_read"] if further else [])
    assert set(found.further) == set(further)
    return [
        FormQuestion(**{**{name: getattr(one, name) for name in one.__slots__}, "row": 0})
        for one in found.questions
    ]


@pytest.mark.parametrize("kind", list(QuestionKind.values))
def test_every_kind(kind: str) -> None:
    asked = [
        question("first", "text"),
        question(
            "q",
            kind,
            help_text="" if kind == "note" else "Bitte kurz",
            required=kind != "note",
            starts_page=True,
            audience="staff",
            results="after",
            show_if={"question": "first", "answered": True},
        ),
        question("last", "text", starts_page=True),
    ]
    assert read_again(asked) == asked


ROWS = [{"value": "q_a", "title": "A"}, {"value": "q_b", "title": "B"}]
NESTED = {
    "all": [
        {"any": [{"question": "b", "at_most": 2}, {"question": "b", "is": 5}]},
        {"question": "c", "is_not": ["day", "night"]},
        {
            "any": [
                {"all": [{"question": "a", "is": "false"}, {"question": "d", "is_not": "night"}]},
                {"question": "c", "is": "day"},
            ]
        },
    ]
}
SURVEYS: dict[str, list[FormQuestion]] = {
    "other": [question("q", "single_choice", {"choices": [*CHOICES, OTHER]})],
    "two others and a question named like the text": [
        question(
            "q", "multiple_choice", {"choices": [*CHOICES, OTHER, {**OTHER, "value": "y", "title": "Noch"}]}
        ),
        question("q_other", "text", show_if={"question": "q", "is": "x"}),
    ],
    "a choice that only looks like other": [
        question("q", "single_choice", {"choices": [*CHOICES, {"value": "other", "title": "Anderes"}]}),
        question("why", "text", show_if={"question": "q", "is": "other"}),
    ],
    "pictures": [question("q", "picture_choice", {"choices": [PICTURE, *CHOICES]})],
    "matrix on a page of its own": [question("q", "matrix", starts_page=True)],
    "rows named like the matrix": [question("q", "matrix", {"rows": ROWS, "choices": CHOICES})],
    "decimals": [question("q", "number", {"minimum": -0.5, "unit": "m²"})],
    "long scale": [question("q", "scale", {"minimum": 0, "maximum": 100})],
    "odd texts": [
        question("1-q", "text", title="=1+1"),
        question("Q_", "text", title="-5 °C & <b>"),
    ],
    "odd choices": [
        question(
            "q",
            "single_choice",
            {"choices": [{"value": "=a b", "title": "نعم"}, {"value": "it's", "title": "@x"}]},
        ),
        question(
            "r",
            "text",
            show_if={"any": [{"question": "q", "is": "it's"}, {"question": "q", "answered": False}]},
        ),
    ],
    "nested conditions": [
        question("a", "yes_no"),
        question("b", "scale", {"minimum": 1, "maximum": 5}),
        question("c", "multiple_choice", {"choices": CHOICES}, show_if={"question": "a", "is": "true"}),
        question("d", "part_of_day"),
        question("e", "note", show_if={"question": "d", "is": ["evening", "night"]}),
        question("f", "place", show_if=NESTED),
    ],
    "translations": [
        question(
            "q",
            "picture_choice",
            {"choices": [PICTURE, *CHOICES]},
            help_text="Bitte kurz",
            translations={
                "tr": {
                    "title": "=Soru?",
                    "help_text": "kısa",
                    "choices.sun": "Güneş",
                    "alts.sun": "Şehir",
                },
                "ar": {"title": "سؤال؟", "choices.night": "ليل"},
                "de-simple": {"choices.day": "Am Tag"},
            },
        ),
        question(
            "s",
            "scale",
            {"minimum": 1, "maximum": 5, "minimum_title": "schlecht", "maximum_title": "gut"},
            translations={"tr": {"minimum_title": "kötü", "maximum_title": "iyi"}},
        ),
        question("n", "number", {"unit": "Jahre"}, translations={"tr": {"unit": "yıl"}}),
        question(
            "m",
            "matrix",
            {"rows": ROWS, "choices": CHOICES},
            translations={"tr": {"rows.q_a": "Â", "choices.day": "gündüz"}, "ar": {"rows.q_b": "ب"}},
        ),
        question("y", "yes_no", translations={"en": {"title": "Yes?"}}),
        question("x", "note", help_text="Mehr", translations={"ar": {"title": "ع", "help_text": "م"}}),
    ],
    "pages": [
        question("a", "text", starts_page=True),
        question("page", "text"),
        question("page_2", "text", starts_page=True),
    ],
}


@pytest.mark.parametrize("asked", SURVEYS.values(), ids=SURVEYS)
def test_particular_surveys(asked: list[FormQuestion]) -> None:
    assert read_again(asked) == asked


# No blanks, marks or invisible characters, which are cleaned, and no letters without case, which NFC may recompose.
_CLEANED: Final = ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp", "Zs", "Mn", "Me", "Mc", "Lo")
_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=_CLEANED, exclude_characters="$"), min_size=1, max_size=30
)
_SLUGS = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,12}", fullmatch=True)


@st.composite
def _surveys(draw: st.DrawFn) -> list[FormQuestion]:
    slugs = draw(st.lists(_SLUGS, min_size=1, max_size=6, unique_by=str.casefold))
    asked: list[FormQuestion] = []
    for slug in slugs:
        kind = draw(st.sampled_from(list(QuestionKind.values)))
        testable = [one for one in asked if one.kind != "note"]
        show_if: dict[str, Any] = {}
        if draw(st.booleans()) and testable:
            show_if = {"question": draw(st.sampled_from(testable)).slug, "answered": draw(st.booleans())}
        asked.append(
            question(
                slug,
                kind,
                title=draw(_TEXT),
                help_text="" if kind == "note" else draw(st.just("") | _TEXT),
                required=kind != "note" and draw(st.booleans()),
                starts_page=draw(st.booleans()),
                audience=draw(st.sampled_from(["public", "staff"])),
                show_if=show_if,
            )
        )
    return asked


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(_surveys())
def test_any_survey(asked: list[FormQuestion]) -> None:
    again = read_again(asked)
    assert [one.slug for one in again] == [one.slug for one in asked]
    for was, now in zip(asked, again, strict=True):
        assert now.title == unicodedata.normalize("NFC", was.title)
        assert (now.kind, now.options, now.show_if) == (was.kind, was.options, was.show_if)
        assert (now.required, now.starts_page, now.audience) == (was.required, was.starts_page, was.audience)


def test_workbook_holds_texts_only_and_no_formula() -> None:
    book = openpyxl.load_workbook(BytesIO(form_of([question("q", "text", title="=HYPERLINK(1)")], "=1", "t")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert book["survey"]["C2"].value == "=HYPERLINK(1)"
