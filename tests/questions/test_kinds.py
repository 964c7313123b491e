"""Every kind of question does all that a kind must do."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import translation

from mapping.forms.questions import answer_of, field_for, initial_of
from mapping.models import Question, QuestionKind
from mapping.questions.kind import AnswerRefused, Kind
from mapping.questions.registry import KINDS
from mapping.questions.texts import MAX_LONG_TEXT, MAX_TEXT
from tests.personas import GOOD_ANSWERS, QUESTION_OPTIONS

ALL = [pytest.param(kind, id=name) for name, kind in KINDS.items() if kind.for_contributions]
SURVEYS_ONLY = [pytest.param(kind, id=name) for name, kind in KINDS.items() if not kind.for_contributions]


def question(kind: Kind, *, required: bool = False) -> Question:
    return Question(
        slug="q", title="Q", kind=kind.name, required=required, options=QUESTION_OPTIONS.get(kind.name, {})
    )


def good(kind: Kind) -> object:
    return GOOD_ANSWERS[kind.name.replace("_", "-")]


def test_every_name_has_its_kind() -> None:
    assert list(KINDS) == [name.value for name in QuestionKind]
    assert all(kind.name == name for name, kind in KINDS.items())


@pytest.mark.parametrize("kind", ALL)
def test_answer_goes_through_a_form_and_back(kind: Kind) -> None:
    asked = question(kind)
    options = asked.options
    shown = initial_of(asked, good(kind))
    field = field_for(asked)
    data = QueryDict(mutable=True)
    data.setlist("q", [str(one) for one in (shown if isinstance(shown, list) else [shown])])
    posted = field.widget.value_from_datadict(data, {}, "q")
    assert kind.read(answer_of(asked, posted), options) == good(kind)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("answer", [2.5, 1234.5, -1234567.25])
def test_large_decimals_go_through_a_form_and_back(language: str, answer: float) -> None:
    kind = KINDS[QuestionKind.NUMBER]
    with translation.override(language):
        assert kind.posted(kind.initial(answer)) == answer


@pytest.mark.parametrize("kind", ALL)
def test_answer_is_read_from_its_own_form_only(kind: Kind) -> None:
    options = question(kind).options
    assert kind.read(None, options) is None
    assert kind.read(good(kind), options) == good(kind)
    with pytest.raises(AnswerRefused) as refused:
        kind.read({"another": "form"}, options)
    assert refused.value.code
    assert kind.words(question(kind), good(kind))


@pytest.mark.parametrize("kind", ALL)
def test_choices_find_the_answers_that_hold_them(kind: Kind) -> None:
    options = question(kind).options
    for value, title in kind.choices(options):
        assert title
        stored = kind.stored(value)
        assert stored is not None
        assert kind.read(stored, options) == stored  # an answer that could be given
    assert kind.stored("no such choice, by no kind") != good(kind)


@pytest.mark.parametrize("kind", ALL)
def test_answers_come_from_tables_and_from_reports(kind: Kind) -> None:
    options = question(kind).options
    answer = good(kind)
    cell = (
        "; ".join(answer) if isinstance(answer, list) else str(answer).lower() if answer is True else answer
    )
    assert kind.read(kind.cell(options, cell), options) == answer
    sent = [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]
    assert kind.read(kind.open311_answer(sent), options) == answer
    keys = dict(kind.open311_values(options))
    assert bool(keys) == kind.open311_type(options).endswith("list")


@pytest.mark.parametrize("kind", SURVEYS_ONLY)
def test_categories_do_not_ask_what_only_surveys_ask(kind: Kind) -> None:
    asked = question(kind)
    asked.category_id = 1
    with pytest.raises(ValidationError) as refused:
        asked.clean()
    assert list(refused.value.message_dict) == ["kind"]


def test_matrix_goes_through_a_form_row_by_row() -> None:
    kind = KINDS["matrix"]
    widget = field_for(question(kind)).widget
    posted = widget.value_from_datadict(QueryDict("q.safe=night&q.other=day"), {}, "q")
    assert kind.read(posted, question(kind).options) == {"safe": "night"}


@pytest.mark.parametrize(
    ("name", "answer", "code"),
    [
        ("ranking", ["day", "day"], "ranked_twice"),
        ("ranking", ["noon"], "not_a_choice"),
        ("matrix", {"safe": "noon"}, "not_a_choice"),
        ("matrix", {"loud": "day"}, "not_a_row"),
        ("matrix", ["day"], "not_an_object_of_rows"),
        ("place", {"type": "Point", "coordinates": [7.7, 299]}, "out_of_range"),
        ("note", "hello", "nothing_to_answer"),
    ],
)
def test_wrong_answers_to_kinds_of_surveys_are_refused(name: str, answer: object, code: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        KINDS[name].read(answer, question(KINDS[name]).options)
    assert refused.value.code == code


def test_place_is_typed_as_longitude_and_latitude() -> None:
    kind = KINDS["place"]
    answer = kind.read(kind.posted("7.7689, 49.4447"), {})
    assert answer == {"type": "Point", "coordinates": [7.7689, 49.4447]}
    assert kind.initial(answer) == "7.7689, 49.4447"


@pytest.mark.parametrize("kind", ALL)
def test_required_questions_insist_where_browsers_can(kind: Kind) -> None:
    assert field_for(question(kind, required=True)).widget.attrs.get("required", False) is kind.input_required


def test_fields_take_no_more_text_than_is_stored() -> None:
    """The form took 500 characters, of which the service refused what was over 300."""
    for name, longest in (("text", MAX_TEXT), ("long_text", MAX_LONG_TEXT)):
        kind = KINDS[name]
        assert int(field_for(question(kind)).widget.attrs["maxlength"]) == longest
        assert kind.read("x" * longest, {}) == "x" * longest
        with pytest.raises(AnswerRefused):
            kind.read("x" * (longest + 1), {})


@pytest.mark.parametrize("name", ["single_choice", "multiple_choice"])
def test_questions_without_choices_are_refused(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Question(slug="q", title="Q", kind=name, options={"choices": []}).clean()
    assert list(refused.value.message_dict) == ["options"]


def test_reversed_scale_has_no_steps() -> None:
    options = {"minimum": 5, "maximum": 1}
    scale = KINDS["scale"]
    assert list(scale.choices(options)) == list(scale.open311_values(options)) == []


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("scale", {"minimum": 5, "maximum": 1}),
        ("number", {"minimum": 3, "maximum": 3}),
        ("date", {"minimum": "24.12.2026"}),
        ("date", {"maximum": "2026-02-30"}),
        ("date", {"minimum": "2026-12-25", "maximum": "2026-12-24"}),
    ],
)
def test_bounds_that_nothing_fits_are_refused(kind: str, options: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        Question(slug="q", title="Q", kind=kind, options=options).clean()
    assert list(refused.value.message_dict) == ["options"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("scale", {}),
        ("number", {"minimum": 0}),
        ("date", {"minimum": "", "maximum": None}),
        ("part_of_day", {}),
    ],
)
def test_bounds_may_be_left_out(kind: str, options: dict[str, object]) -> None:
    Question(slug="q", title="Q", kind=kind, options=options).clean()


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("24.12.2026", "2026-12-24"),
        ("4. 5.2026", "2026-05-04"),
        (datetime(2026, 12, 24, 18, 0), "2026-12-24"),  # noqa: DTZ001 - as workbooks hold it
        (date(2026, 12, 24), "2026-12-24"),
    ],
)
def test_days_come_as_people_write_them(cell: object, stored: str) -> None:
    kind = KINDS["date"]
    assert kind.read(kind.cell({}, cell), {}) == stored


def test_parts_of_the_day_are_read_in_the_language_of_the_reader() -> None:
    kind = KINDS["part_of_day"]
    asked = question(kind)
    with translation.override("de"):
        assert kind.words(asked, "evening") == "Am Abend (18 bis 22 Uhr)"
        assert kind.cell({}, "Am Abend (18 bis 22 Uhr)") == "evening"
        assert KINDS["date"].words(asked, "2026-12-24") == "24. Dezember 2026"
    with translation.override("en"):
        assert kind.words(asked, "evening") == "Evening (18 to 22)"


@pytest.mark.parametrize(
    ("name", "answer"), [("single_choice", "old"), ("multiple_choice", ["old"]), ("ranking", ["old"])]
)
def test_choice_that_is_offered_no_more_keeps_its_title(name: str, answer: object) -> None:
    asked = question(KINDS[name])
    asked.options = {**asked.options, "removed": [{"value": "old", "title": "As before"}]}
    assert "As before" in KINDS[name].words(asked, answer)
    with pytest.raises(AnswerRefused):
        KINDS[name].read(answer, asked.options)
