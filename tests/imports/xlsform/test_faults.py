"""What a form is refused for: every fault at once, each with its sheet and row."""

import pytest

from mapping.imports.xlsform.reading import read_xlsform
from tests.imports.xlsform.forms import COLOURS, Row, asked, faults, form, workbook

COLOUR = asked("select_one colours", "colour")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (asked("calculate", "q", calculation="1 + 1"), "calculate"),
        (asked("image", "q"), "media"),
        (asked("audio", "q"), "media"),
        (asked("video", "q"), "media"),
        (asked("file", "q"), "media"),
        (asked("geotrace", "q"), "unknown_type"),
        (asked("geoshape", "q"), "unknown_type"),
        (asked("select_one_from_file x.csv", "q"), "unknown_type"),
        (asked("frage", "q"), "unknown_type"),
        (asked("select_one", "q"), "unknown_type"),
        (asked("select_one nowhere", "q"), "list_missing"),
        (asked("rank colours or_other", "q"), "ranking_with_other"),
        (asked("select_one colours", "q", choice_filter="x=${colour}"), "choice_filter"),
        (asked("text", "q", constraint="regex(., '[a-z]+')"), "constraint"),
        (asked("integer", "q", constraint="regex(., '[0-9]+')"), "constraint"),
        (asked("decimal", "q", constraint=". > 2"), "constraint"),
        (asked("integer", "q", constraint=". >= 1 or . <= 2"), "constraint"),
        (asked("integer", "q", constraint=". >= 5 and . <= 2"), "options"),
        (asked("date", "q", constraint=". >= '2026-02-30'"), "constraint"),
        (asked("range", "q", parameters="start=0 end=1 step=0.1"), "range_step"),
        (asked("range", "q", parameters="start=a"), "range_parameters"),
        (asked("range", "q", parameters="start=5 end=5"), "range_ends"),
        (asked("range", "q", parameters="start=0 end=1000"), "range_ends"),
        (asked("text", "q", required="${colour} = 'red'"), "required_rule"),
        (asked("text", "q", read_only="yes"), "read_only"),
        (asked("text", "q", image="a.png"), "media"),
        (asked("text", "q", "Warum ${colour}?"), "inserted_answer"),
        (asked("text", "q", "x" * 201), "too_long"),
        (asked("text", "q", hint="x" * 301), "too_long"),
        (asked("text", "q", audience="friends"), "unknown_audience"),
        (asked("text", "q", results="soon"), "unknown_results"),
        (asked("text", "???"), "name_unusable"),
        (asked("text", "colour"), "name_twice"),
        ({"type": "text", "name": "q"}, "without_label"),
        ({"type": "text", "label": "Q?"}, "name_missing"),
        ({"name": "q", "label": "Q?"}, "type_missing"),
        ({"type": "end_group"}, "end_without_group"),
        ({"type": "end repeat"}, "end_without_group"),
        ({"type": "begin_group", "name": "g"}, "group_without_end"),
        (asked("select_one colours", "q", appearance="part-of-day"), "other_parts_of_day"),
        (asked("select_one colours", "q", appearance="yes-no"), "other_yes_no"),
    ],
)
def test_row_is_refused(row: Row, code: str) -> None:
    assert faults(form(COLOUR, row)) == [("survey", 3, code)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("${nobody} = 'red'", "rule_unknown_name"),
        ("${colour} = 'blue'", "rule_unknown_choice"),
        ("selected(${colour}, 'blue')", "rule_unknown_choice"),
        ("${q} = 'red'", "rule_self"),
        ("${later} != ''", "rule_later"),
        ("${sum} > 3", "rule_calculate"),
        ("${photo} != ''", "rule_unread"),
        ("${page} = 'x'", "rule_group"),
        ("${hello} != ''", "rule_note"),
        ("${name} = 'Ada'", "rule_free_answer"),
        ("${colour} > 3", "rule_no_number"),
        ("${weight} > 3", "rule_more_than_decimal"),
        ("${age} > 'old'", "rule_value_no_number"),
        ("(${colour} = 'red'", "rule_parentheses"),
        ("${colour} = 'red')", "rule_parentheses"),
        ("${colour} = ", "rule_ends"),
        ("${colour}", "rule_without_sign"),
        ("${colour} = 'red' ${age} = 1", "rule_after"),
        ("${colour} = ${age}", "rule_of_two_answers"),
        ("${colour} = 'red", "rule_sign"),
        ("regex(${colour}, 'r.*')", "rule_function"),
        ("if(${age} = 1, 2, 3)", "rule_function"),
        ("string-length(${name}) > 5", "rule_length"),
        ("false()", "rule_never"),
        ("yes", "rule_word"),
        ("(" * 30 + "${age} = 1" + ")" * 30, "rule_too_deep"),
        (" or ".join(["${age} = 1", "${age} >= 2"] * 25), "rule_of_many_tests"),
        ("${age} = 1" + " and ${age} = 1" * 300, "rule_too_long"),
    ],
)
def test_rule_is_refused(rule: str, code: str) -> None:
    found = form(
        COLOUR,
        asked("integer", "age"),
        asked("decimal", "weight"),
        asked("text", "name"),
        asked("note", "hello"),
        asked("calculate", "sum"),
        asked("image", "photo"),
        {"type": "begin_group", "name": "page"},
        {"type": "end_group"},
        asked("text", "q", relevant=rule),
        asked("text", "later"),
    )
    assert [one for one in faults(found) if one[1] == 11] == [("survey", 11, code)]


def test_rules_in_a_circle_are_named_in_their_order() -> None:
    found = form(
        asked("integer", "a", relevant="${c} >= 1"),
        asked("integer", "b", relevant="${a} >= 1"),
        asked("integer", "c", relevant="${b} >= 1"),
    )
    assert faults(found) == [("survey", 2, "rule_circle")]
    assert found.problems[0].params["names"] == "a → c → b → a"


def test_group_must_not_depend_on_a_question_within() -> None:
    found = form(
        {"type": "begin_group", "name": "g", "relevant": "${a} >= 1"},
        asked("integer", "a"),
        asked("integer", "b"),
        {"type": "end_group"},
    )
    assert faults(found) == [("survey", 2, "rule_self")]


def test_every_rule_that_depends_on_a_calculation_is_reported() -> None:
    found = form(
        asked("integer", "age"),
        asked("calculate", "old", calculation="${age} > 60"),
        asked("text", "a", relevant="${old} = 'true'"),
        {"type": "begin_group", "name": "g", "relevant": "${old} = 'true' and ${age} > 3"},
        asked("text", "b"),
        {"type": "end_group"},
    )
    assert faults(found) == [
        ("survey", 3, "calculate"),
        ("survey", 4, "rule_calculate"),
        ("survey", 5, "rule_calculate"),
    ]


def test_repeats_are_refused_and_their_questions_checked() -> None:
    found = form(
        asked("begin_repeat", "child", "Kind"),
        asked("geotrace", "way"),
        {"type": "end_repeat"},
        {"type": "begin_group"},
        {"type": "end_repeat"},
    )
    assert faults(found) == [
        ("survey", 2, "repeat"),
        ("survey", 3, "unknown_type"),
        ("survey", 5, "group_without_end"),
        ("survey", 6, "end_without_group"),
    ]


def test_matrix_holds_only_one_choice_of_one_list() -> None:
    found = form(
        {"type": "begin_group", "name": "m", "label": "M", "appearance": "table-list"},
        asked("select_one colours", "a"),
        asked("select_one agreement", "b"),
        asked("select_multiple colours", "c"),
        asked("text", "d"),
        asked("select_one colours", "e", relevant="${a} = 'red'"),
        asked("select_one colours", "f", "a?"),
        asked("select_one colours", "g", required="yes"),
        {"type": "end_group"},
        {"type": "begin_group", "name": "n", "label": "N", "appearance": "table-list"},
        {"type": "end_group"},
    )
    assert faults(found) == [
        ("survey", 2, "matrix_mixed_required"),
        ("survey", 4, "matrix_other_type"),
        ("survey", 5, "matrix_other_type"),
        ("survey", 6, "matrix_other_type"),
        ("survey", 7, "matrix_row_rule"),
        ("survey", 8, "row_twice"),
        ("survey", 11, "matrix_empty"),
    ]


def test_faults_of_choices() -> None:
    choices = [
        *COLOURS,
        {"list_name": "colours", "name": "RED", "label": "Noch ein Rot"},
        {"list_name": "colours", "name": "crimson", "label": "rot"},
        {"list_name": "colours", "label": "Blau"},
        {"list_name": "colours", "name": "blue"},
        {"name": "lost", "label": "Verloren"},
        {"list_name": "colours", "name": "pic", "label": "Bild", "media::image": "cat.png"},
        {"list_name": "colours", "name": "song", "label": "Lied", "media::audio": "cat.mp3"},
    ]
    assert faults(form(COLOUR, choices=choices)) == [
        ("choices", 4, "choice_twice"),
        ("choices", 5, "choice_title_twice"),
        ("choices", 6, "choice_without_name"),
        ("choices", 7, "without_label"),
        ("choices", 8, "choice_without_list"),
        ("choices", 9, "picture_not_here"),
        ("choices", 10, "media"),
    ]


def test_more_than_200_choices_are_refused_at_the_first_too_many() -> None:
    choices = [{"list_name": "l", "name": f"c{number}", "label": f"C {number}"} for number in range(250)]
    assert faults(form(asked("select_one l", "q"), choices=choices)) == [
        ("survey", 2, "options"),
        ("choices", 202, "list_too_long"),
    ]


def test_more_than_100_questions_are_refused_at_the_first_too_many() -> None:
    assert faults(form(*(asked("text", f"q{number}") for number in range(120)))) == [
        ("survey", 102, "too_many_questions")
    ]


def test_more_than_2000_rows_are_refused() -> None:
    found = form(*(asked("text", f"q{number}") for number in range(2_100)))
    assert faults(found) == [("survey", 2_002, "too_many_rows")]
    assert found.questions == ()


def test_sheets_and_columns_that_are_missing() -> None:
    assert faults(read_xlsform(workbook({"choices": COLOURS}))) == [("survey", 0, "sheet_missing")]
    assert faults(read_xlsform(workbook({"survey": [{"typ": "text"}]}))) == [
        ("survey", 1, "column_missing"),
        ("survey", 1, "column_missing"),
    ]
    assert faults(read_xlsform(workbook({"survey": []}))) == [("survey", 0, "no_questions")]


def test_column_twice() -> None:
    found = read_xlsform(workbook({"survey": [{"type": "text", "name": "q", "label": "Q?", "Label": "R?"}]}))
    assert faults(found) == [("survey", 1, "column_twice")]


def test_text_of_other_cannot_be_tested() -> None:
    choices = (*COLOURS, {"list_name": "colours", "name": "other", "label": "Andere"})
    found = form(
        COLOUR,
        asked("text", "which", relevant="${colour} = 'other'"),
        asked("text", "why", relevant="${which} != ''"),
        choices=choices,
    )
    assert faults(found) == [("survey", 4, "rule_other")]


def test_names_that_become_the_same() -> None:
    assert faults(form(asked("text", "straße"), asked("text", "strasse"))) == [("survey", 3, "name_twice")]
