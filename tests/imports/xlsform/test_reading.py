"""What is read of an XLSForm."""

from typing import Any

import pytest

from mapping.imports.xlsform.form import Form, FormQuestion
from mapping.imports.xlsform.languages import tag_of
from mapping.imports.xlsform.reading import read_xlsform
from tests.imports.xlsform.forms import AGREEMENT, COLOURS, asked, form, workbook

RED_AND_GREEN = [{"value": "red", "title": "Rot"}, {"value": "green", "title": "Grün"}]


def only(found: Form) -> FormQuestion:
    """The one question of a form without faults."""
    assert found.problems == ()
    (question,) = found.questions
    return question


@pytest.mark.parametrize(
    ("row", "kind", "options"),
    [
        ({"type": "text"}, "text", {}),
        ({"type": "Text", "appearance": "multiline"}, "long_text", {}),
        ({"type": "select_one colours"}, "single_choice", {"choices": RED_AND_GREEN}),
        ({"type": "select one from colours"}, "single_choice", {"choices": RED_AND_GREEN}),
        ({"type": "select_one colours", "appearance": "likert"}, "single_choice", {"choices": RED_AND_GREEN}),
        ({"type": "select_multiple colours"}, "multiple_choice", {"choices": RED_AND_GREEN}),
        ({"type": "rank colours"}, "ranking", {"choices": RED_AND_GREEN}),
        ({"type": "integer"}, "number", {}),
        (
            {"type": "integer", "constraint": ". > 0 and . <= 120"},
            "number",
            {"minimum": 1, "maximum": 120},
        ),
        ({"type": "decimal", "constraint": ".>=0.5", "unit": "km"}, "number", {"minimum": 0.5, "unit": "km"}),
        (
            {"type": "range", "parameters": "start=0;end=5;step=1", "start_label": "nie"},
            "scale",
            {"minimum": 0, "maximum": 5, "minimum_title": "nie"},
        ),
        ({"type": "range"}, "scale", {"minimum": 1, "maximum": 10}),
        ({"type": "date", "constraint": ". >= date('2026-01-01')"}, "date", {"minimum": "2026-01-01"}),
        ({"type": "time"}, "time_of_day", {}),
        ({"type": "geopoint"}, "place", {}),
        ({"type": "acknowledge"}, "yes_no", {}),
        ({"type": "note"}, "note", {}),
    ],
)
def test_type_becomes_kind(row: dict[str, object], kind: str, options: dict[str, Any]) -> None:
    question = only(form({"name": "q", "label": "Frage?", **row}))
    assert (question.kind, question.options) == (kind, options)
    assert (question.slug, question.title, question.row) == ("q", "Frage?", 2)


def test_names_of_columns_and_sheets_may_be_in_any_case() -> None:
    data = workbook(
        {
            "Survey": [{"TYPE": "text", "Name": "q", "Label": "Frage?", "Hint": "kurz", "Required": "TRUE"}],
            "Choices": [],
        }
    )
    question = only(read_xlsform(data))
    assert (question.title, question.help_text, question.required) == ("Frage?", "kurz", True)


@pytest.mark.parametrize(
    ("required", "expected"), [("yes", True), ("true()", True), (True, True), ("no", False), (None, False)]
)
def test_required(required: object, expected: bool) -> None:
    assert only(form(asked("text", "q", required=required))).required is expected


def test_german_is_the_original_and_other_languages_are_translations() -> None:
    row = {
        "type": "text",
        "name": "q",
        "label::English (en)": "Colour?",
        "label::Deutsch (de)": "Farbe?",
        "hint::Türkçe (tr)": "kısa",
        "hint::Deutsch (de)": "kurz",
    }
    found = form(row)
    assert (only(found).title, only(found).help_text) == ("Farbe?", "kurz")
    assert only(found).translations == {"en": {"title": "Colour?"}, "tr": {"help_text": "kısa"}}
    assert (found.language, found.further, found.left_out) == ("Deutsch (de)", ("en", "tr"), ())
    assert [one.code for one in found.notes] == ["languages_read"]


def test_language_that_is_not_offered_is_reported_by_column() -> None:
    row = {
        "type": "text",
        "name": "q",
        "label": "Farbe?",
        "label::Klingon (tlh)": "nguv",
        "label::Turkish": "Renk?",
    }
    found = form(row, choices=({"list_name": "a", "name": "b", "label": "B", "label::Klingon (tlh)": "b"},))
    assert only(found).translations == {"tr": {"title": "Renk?"}}
    assert [(one.sheet, one.row, one.code, one.params) for one in found.notes if one.row] == [
        ("survey", 1, "language_unknown", {"column": "label::Klingon (tlh)"}),
        ("choices", 1, "language_unknown", {"column": "label::Klingon (tlh)"}),
    ]


def test_campaign_in_another_language_keeps_its_own_texts_as_originals() -> None:
    row = {"type": "text", "name": "q", "label::Deutsch (de)": "Farbe?", "label::English (en)": "Colour?"}
    found = read_xlsform(workbook({"survey": [row]}), original="en")
    assert only(found).title == "Colour?"
    assert only(found).translations == {"de": {"title": "Farbe?"}}


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("Deutsch (de)", "de"),
        ("de-AT", "de"),
        ("Leichte Sprache (de-simple)", "de-simple"),
        ("Leichte Sprache", "de-simple"),
        ("German (Germany)", "de"),
        ("German Sign Language (gsg)", None),
        ("Português do Brasil (pt-BR)", "pt"),
        ("türkçe", "tr"),
        ("(tr)", "tr"),
        ("Klingon", None),
        ("", None),
    ],
)
def test_languages_are_known_by_tag_or_name(name: str, tag: str | None) -> None:
    assert tag_of(name) == tag


def test_notes_and_matrices_are_translated() -> None:
    texts = {"label": "Titel\nMehr dazu", "label::tr": "Başlık\nDaha fazla", "hint::tr": "ek"}
    found = form(
        {"type": "note", "name": "n", **texts},
        {
            "type": "begin_group",
            "name": "m",
            "label": "Wie?",
            "label::tr": "Nasıl?",
            "appearance": "table-list",
        },
        {"type": "select_one agreement", "name": "m_a", "label": "A", "label::tr": "Â"},
        {"type": "end_group"},
        choices=({"list_name": "agreement", "name": "yes", "label": "Ja", "label::tr": "Evet"},),
    )
    assert found.problems == ()
    assert [one.translations for one in found.questions] == [
        {"tr": {"title": "Başlık", "help_text": "Daha fazla ek"}},
        {"tr": {"title": "Nasıl?", "choices.yes": "Evet", "rows.a": "Â"}},
    ]


def test_long_translation_is_reported_with_its_column() -> None:
    found = form({"type": "text", "name": "q", "label": "Farbe?", "label::tr": "x" * 201})
    assert [(one.row, one.code, one.params["column"]) for one in found.problems] == [
        (2, "too_long", "label::tr")
    ]


def test_missing_german_text_is_taken_from_the_next_language() -> None:
    row = {"type": "text", "name": "q", "label::de": "Farbe?", "label::en": "Colour?"}
    second = {"type": "text", "name": "r", "label::en": "Why?"}
    found = form(row, second)
    assert [one.title for one in found.questions] == ["Farbe?", "Why?"]
    assert [(one.row, one.code) for one in found.notes if one.row] == [(3, "text_missing")]


def test_group_becomes_page_with_heading() -> None:
    found = form(
        asked("text", "first"),
        asked("begin_group", "about", "Über Sie"),
        asked("integer", "age"),
        asked("text", "job"),
        {"type": "end_group"},
        asked("text", "last"),
    )
    assert found.problems == ()
    assert [(one.slug, one.kind, one.starts_page) for one in found.questions] == [
        ("first", "text", False),
        ("about", "note", True),
        ("age", "number", False),
        ("job", "text", False),
        ("last", "text", True),
    ]


def test_rule_of_group_holds_for_its_questions() -> None:
    found = form(
        asked("select_one colours", "colour"),
        asked("begin_group", "more", "Mehr", relevant="${colour} = 'red'"),
        asked("integer", "age"),
        asked("text", "job", relevant="${age} >= 18"),
        {"type": "end_group"},
    )
    assert found.problems == ()
    is_red = {"question": "colour", "is": "red"}
    assert [one.show_if for one in found.questions] == [
        {},
        is_red,
        is_red,
        {"all": [is_red, {"question": "age", "at_least": 18}]},
    ]


def test_text_behind_other_is_merged() -> None:
    choices = (*COLOURS, {"list_name": "colours", "name": "other", "label": "Andere"})
    found = form(
        asked("select_multiple colours", "colour"),
        asked("text", "colour_other", relevant="selected(${colour}, 'other')"),
        asked("text", "why"),
        choices=choices,
    )
    assert found.problems == ()
    assert [one.slug for one in found.questions] == ["colour", "why"]
    assert found.questions[0].options["choices"][2] == {"value": "other", "title": "Andere", "other": True}


def test_text_for_staff_behind_other_stays_a_question_of_its_own() -> None:
    choices = (*COLOURS, {"list_name": "colours", "name": "other", "label": "Andere"})
    found = form(
        asked("select_one colours", "colour"),
        asked("text", "colour_other", relevant="${colour} = 'other'", audience="staff"),
        choices=choices,
    )
    assert [(one.slug, one.audience) for one in found.questions] == [
        ("colour", "public"),
        ("colour_other", "staff"),
    ]


def test_or_other_adds_a_choice_with_a_text() -> None:
    question = only(form(asked("select_one colours or_other", "colour")))
    assert question.options["choices"][2] == {"value": "other", "title": "Anderes", "other": True}


def test_text_behind_an_ordinary_choice_stays_a_question() -> None:
    found = form(asked("select_one colours", "colour"), asked("text", "why", relevant="${colour} = 'red'"))
    assert [one.slug for one in found.questions] == ["colour", "why"]
    assert found.questions[1].show_if == {"question": "colour", "is": "red"}


MATRIX = {
    "rows": [{"value": "safe", "title": "Es ist sicher"}, {"value": "light", "title": "Es ist hell"}],
    "choices": [{"value": "yes", "title": "Stimmt"}, {"value": "no", "title": "Stimmt nicht"}],
}


def test_table_list_becomes_matrix() -> None:
    found = form(
        asked("begin_group", "street", "Die Straße", appearance="table-list", hint="Je Zeile"),
        asked("select_one agreement", "street_safe", "Es ist sicher", required="yes"),
        asked("select_one agreement", "street_light", "Es ist hell", required="yes"),
        {"type": "end_group"},
    )
    question = only(found)
    assert (question.slug, question.title, question.kind) == ("street", "Die Straße", "matrix")
    assert (question.required, question.help_text, question.options) == (True, "Je Zeile", MATRIX)
    assert not question.starts_page


def test_label_row_above_rows_without_labels_becomes_matrix() -> None:
    found = form(
        asked("begin_group", "page", "Die Straße", appearance="field-list"),
        {"type": "select_one agreement", "name": "head", "appearance": "label"},
        asked("select_one agreement", "safe", "Es ist sicher", appearance="list-nolabel"),
        asked("select_one agreement", "light", "Es ist hell", appearance="list-nolabel"),
        {"type": "end_group"},
    )
    question = only(found)
    assert (question.slug, question.title, question.kind) == ("head", "Die Straße", "matrix")
    assert (question.options, question.starts_page) == (MATRIX, True)


def test_names_with_other_letters_become_short_names_and_rules_follow() -> None:
    found = form(
        asked("select_one colours", "größe.der Straße"),
        asked("text", "b", relevant="${größe.der Straße} = 'red'"),
    )
    assert found.problems == ()
    assert found.questions[0].slug == "groesse-der-strasse"
    assert found.questions[1].show_if == {"question": "groesse-der-strasse", "is": "red"}
    assert [(one.row, one.code) for one in found.notes] == [(2, "name_changed")]


def test_metadata_and_disabled_rows_are_left_out() -> None:
    found = form(
        {"type": "start", "name": "start"},
        asked("text", "q"),
        asked("text", "q", disabled="yes"),
        {"type": None, "name": None, "label": None},
    )
    assert only(found).slug == "q"
    assert [one.code for one in found.notes] == ["metadata"]


def test_numbers_as_names_of_choices() -> None:
    choices = [
        {"list_name": "ages", "name": 1, "label": "jung"},
        {"list_name": "ages", "name": 2.0, "label": "alt"},
    ]
    found = form(asked("select_one ages", "age"), asked("text", "q", relevant="${age} = 2"), choices=choices)
    assert found.problems == ()
    assert [one["value"] for one in found.questions[0].options["choices"]] == ["1", "2"]
    assert found.questions[1].show_if == {"question": "age", "is": "2"}


def test_title_of_settings() -> None:
    assert form(asked("text", "q"), form_title="Ampelfiguren").title == "Ampelfiguren"


def test_who_may_read_the_answers() -> None:
    question = only(form(asked("text", "q", audience="staff", results="never")))
    assert (question.audience, question.results) == ("staff", "never")


def test_right_to_left_choices_are_kept() -> None:
    choices = [
        {"list_name": "l", "name": "a", "label": "نعم"},
        {"list_name": "l", "name": "b", "label": "לא"},
    ]
    question = only(form(asked("select_one l", "q"), choices=choices))
    assert [one["title"] for one in question.options["choices"]] == ["نعم", "לא"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_finding_has_a_sentence(language: str) -> None:
    from django.utils import translation

    found = form(
        asked("text", "a", relevant="${b} = "),
        asked("calculate", "c"),
        asked("video", "v"),
        choices=AGREEMENT,
    )
    with translation.override(language):
        sentences = [one.sentence for one in found.problems]
    assert len(sentences) == 3
    assert all(one and "%(" not in one and "?" not in one for one in sentences)


def test_ends_and_units_may_name_the_language_of_the_campaign() -> None:
    found = form(
        {
            "type": "range",
            "name": "fear",
            "label::Deutsch (de)": "Wie sicher?",
            "start_label::Deutsch (de)": "gar nicht",
            "start_label::Türkçe (tr)": "hiç",
            "label::Türkçe (tr)": "Ne kadar güvenli?",
        }
    )
    (question,) = found.questions
    assert question.options["minimum_title"] == "gar nicht"
    assert question.translations["tr"]["minimum_title"] == "hiç"


@pytest.mark.parametrize("column", ["start_label", "start_label::Türkçe (tr)"])
def test_longer_ends_than_the_editor_takes_are_reported(column: str) -> None:
    row = {"type": "range", "start_label": "nie", **dict.fromkeys(["label::Türkçe (tr)", column], "x" * 81)}
    found = form({"name": "q", "label": "Frage?", **row})
    assert [(one.row, one.code, one.params["max"]) for one in found.problems] == [(2, "too_long", 80)]
