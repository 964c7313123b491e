"""`filter-lang=cql-text`: what GDAL writes, which is not quite the standard; the standard's languages stay strict."""

import pytest

from mapping.models import Campaign, Question, QuestionKind
from mapping.ogc.cql2.lenient import Quoted, moment_text
from tests.ogc.asking import ITEMS, ROOT, get, ids, is_problem
from tests.personas import EPOCH, GOOD_ANSWERS, make_contribution

DAY = f"{EPOCH:%Y-%m-%d}"


@pytest.fixture
def two(campaign: Campaign) -> tuple[str, str]:
    """A contribution with all answers, and one without."""
    survey = campaign.categories.get(slug="survey")
    survey.questions.filter(slug="date").delete()  # here it is a number, named by a word of CQL2
    for slug in ("24h", "date", "not", "wie-oft-2"):
        Question.objects.create(category=survey, slug=slug, title=slug, kind=QuestionKind.NUMBER)
    answers = {**GOOD_ANSWERS, "24h": 3, "date": 4, "not": 5, "wie-oft-2": 6}
    made = make_contribution(campaign, category="survey", answers=answers, text="Lärm", created_at=EPOCH)
    return str(made.pk), str(make_contribution(campaign, text="It's dark").pk)


@pytest.mark.parametrize(
    "condition",
    [
        "single-choice = 'night'",
        "yes-no = 1",
        "yes-no <> 0",
        "yes-no = TRUE",
        "scale >= '4'",
        "scale BETWEEN '4' AND '4.5'",
        "scale IN ('4', 7)",
        "24h = 3",
        "date = 4",
        "not = 5",
        "NOT (not = 4)",
        "NOT not = 4",
        "wie-oft-2 > 5",
        "wie-oft-2 - 1 = 5",
        "number - scale = 8.5",
        "(text ILIKE 'LÄ%') AND (wie-oft-2 < 7)",
        "NOT (text NOT ILIKE 'lä%')",
        "single-choice = 'night' OR single-choice = 'wie-oft-2 > 5'",
        f"created = '{DAY}'",
        f"created >= '{DAY}T'",
        f"created <= '{EPOCH:%Y-%m-%dT%H}Z' AND created > '2001-01-01T'",
        f"created BETWEEN '{DAY}' AND '{DAY}'",
        f"created IN ('2001-01-01', '{DAY}')",
        f"created = '{EPOCH:%Y-%m-%d %H:%M:%S}'",
        f"created = '{EPOCH:%Y-%m-%dT%H:%M}Z'",
        f"created < '{EPOCH:%Y-%m-%dT%H:%M:%S}-01:00'",
    ],
)
def test_filter_as_gdal_writes_it_is_understood(two: tuple[str, str], condition: str) -> None:
    answered, _other = two
    assert answered in ids(filter=condition, filter_lang="cql-text")


@pytest.mark.parametrize(
    "condition",
    [
        "single-choice = 'day'",
        "yes-no = 0",
        "scale > '4'",
        "not = 4",
        "text = 'single-choice'",
        f"created > '{DAY}' AND text = 'Lärm'",
        "created < '2001-01-01T12Z'",
    ],
)
def test_filter_that_does_not_hold_finds_nothing(two: tuple[str, str], condition: str) -> None:
    assert ids(filter=condition, filter_lang="cql-text") == set()


@pytest.mark.parametrize(
    "condition", ["scale > '4'", f"created > '{DAY}T00:00:00Z'", '"yes-no" = 1', "single-choice = 'night'"]
)
def test_language_of_the_standard_stays_strict(two: tuple[str, str], condition: str) -> None:
    for language in ("", "cql2-text"):
        assert is_problem(get(ITEMS, {"filter": condition, "filter-lang": language}), 400)


@pytest.mark.parametrize(
    ("condition", "column"),
    [
        ("wie-oft-2 = 6 AND nowhere = 1", 19),
        ("single-choice = 'night' AND wie-oft-2 = AND", 41),
        ("scale > 'many'", 9),
        ("yes-no = 2", 10),
        ("created > 'yesterday'", 11),
        ("created > '2026-02-30T'", 11),
    ],
)
def test_fault_is_told_where_it_stands_in_the_text_that_was_sent(
    two: tuple[str, str], condition: str, column: int
) -> None:
    response = get(ITEMS, {"filter": condition, "filter-lang": "cql-text"})
    assert is_problem(response, 400)
    [error] = response.json()["errors"]
    assert error["field"] == "filter"
    assert f"Zeile 1, Zeichen {column}:" in error["detail"]


def test_ilike_is_there_in_the_standards_language_too(two: tuple[str, str]) -> None:
    answered, other = two
    assert ids(filter="text ILIKE 'lä%'") == {answered}
    assert ids(filter="text NOT ILIKE 'lä%'") == {other}


def test_cells_are_filtered_by_it_too(two: tuple[str, str]) -> None:
    items = f"{ROOT}collections/fear-spaces-cells/items"
    assert ids(items, filter="contributions > '1'", filter_lang="cql-text") == ids(items)
    assert ids(items, filter="contributions > '2'", filter_lang="cql-text") == set()


def test_unknown_language_is_refused(campaign: Campaign) -> None:
    response = get(ITEMS, {"filter": "text = 'a'", "filter-lang": "cql"})
    assert is_problem(response, 400)
    assert [one["field"] for one in response.json()["errors"]] == ["filter-lang"]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("a-b = 'a-b'", "\"a-b\" = 'a-b'"),
        ("'it''s a-b' = x", "'it''s a-b' = x"),
        ('"a-b" = a-b', '"a-b" = "a-b"'),
        ("a - b = 1", "a - b = 1"),
        ("a-b-c = 1", "a-b-c = 1"),
        ("NOT is IS NULL", 'NOT "is" IS NULL'),
        ("'unclosed a-b", '\'unclosed "a-b"'),
    ],
)
def test_names_get_the_quotes_that_they_need(text: str, quoted: str) -> None:
    found = Quoted(text, ["a-b", "a", "is"])
    assert found.text == quoted
    plain = [at for at, character in enumerate(found.text) if character != '"' or '"' in text]
    if '"' not in text:
        assert "".join(text[found.before(at)] for at in plain) == text


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-01T", "2026-05-01T00:00:00Z"),
        ("2026-05-01T12Z", "2026-05-01T12:00:00Z"),
        ("2026-05-01T12:30Z", "2026-05-01T12:30:00Z"),
        ("2026-05-01 12:30:15.5+02:00", "2026-05-01T12:30:15.5+02:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_moments_that_are_cut_short_begin_there(given: str, read: str) -> None:
    assert moment_text(given) == read
