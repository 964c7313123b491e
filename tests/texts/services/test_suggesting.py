"""Suggested wordings: stored with their comments, refused where they say nothing or speak of what is gone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mapping.models import Campaign, CommentStatus
from mapping.services.erase import erase_participant
from mapping.services.errors import Conflict, Invalid, NotAllowed, TooMany
from tests import personas
from tests.personas import Citizen
from tests.texts.making import Put, kept, make_text, put_version, sections_of
from texts.models import Fate, Section, Suggestion, Text
from texts.reading.quotes import Quote
from texts.services.suggesting import Draft, draft_of_quote, reason_of, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(campaign: Campaign) -> Text:
    return make_text(campaign)


@pytest.fixture
def section(text: Text) -> Section:
    return sections_of(text)[0]


def draft(section: Section, old: str, new: str, why: str = "") -> Draft:
    """The whole section with some words exchanged, as the form without JavaScript sends it."""
    wording = section.wordings.latest("version__number")
    return Draft(
        wording.version.number,
        0,
        len(wording.body),
        wording.body.replace(old, new).replace("\n", "\r\n"),
        why,
    )


def test_suggestion_is_a_comment_with_a_quote(section: Section, citizen: Citizen) -> None:
    made = suggest(section, draft(section, "three", "thirty", "It is hot there."), citizen.secret)
    assert (made.prefix, made.exact, made.replacement) == ("The square gets ", "three", "thirty")
    assert made.suffix.startswith(" trees.")
    assert made.fate == Fate.OPEN
    assert made.comment.status == CommentStatus.PENDING
    assert made.comment.text == "It is hot there.\n\n− three\n+ thirty"
    assert reason_of(made) == "It is hot there."


def test_words_that_were_selected_are_replaced_alone(section: Section, citizen: Citizen) -> None:
    body = section.wordings.get().body
    start = body.index("three trees")
    made = suggest(section, Draft(1, start - 1, start + 11, "many trees"), citizen.secret)
    assert (made.exact, made.replacement) == ("three", "many")
    assert reason_of(made) == ""


def test_same_suggestion_twice_is_stored_once(section: Section, citizen: Citizen) -> None:
    first, second = (suggest(section, draft(section, "three", "ten"), citizen.secret) for _ in range(2))
    assert first == second
    assert Suggestion.objects.count() == 1


def test_words_may_go_and_others_be_added(section: Section, citizen: Citizen) -> None:
    gone = suggest(section, draft(section, " for everybody", ""), citizen.secret)
    assert gone.replacement.strip() in {"", "place."}
    added = suggest(section, draft(section, "trees.", "trees. They get water."), citizen.secret)
    assert "They get water." in added.replacement
    assert "They get water." in added.comment.text


@pytest.mark.parametrize(
    ("words", "field", "code"),
    [
        ("The square gets three trees.\r\n\r\nIt stays a place for everybody. ", "text", "wording_unchanged"),
        ("x" * 2001, "text", "suggestion_too_long"),
        ("x" * 9000, "text", "too_long"),
    ],
)
def test_what_is_no_suggestion_is_refused_at_its_field(
    section: Section, citizen: Citizen, words: str, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        suggest(section, Draft(1, 0, 999_999, words), citizen.secret)
    assert [one.code for one in refused.value.fields[field]] == [code]
    assert not Suggestion.objects.exists()


def test_reason_that_is_too_long_is_refused_at_its_field(section: Section, citizen: Citizen) -> None:
    with pytest.raises(Invalid) as refused:
        suggest(section, draft(section, "three", "ten", "x" * 2001), citizen.secret)
    assert list(refused.value.fields) == ["why"]


def test_suggestion_for_another_wording_is_refused(text: Text, section: Section, citizen: Citizen) -> None:
    late = draft(section, "three", "ten")
    first, *others = kept(text)
    put_version(text, [Put("Aims", "No trees at all.", 1, first.section), *others])
    with pytest.raises(Conflict) as refused:
        suggest(section, late, citizen.secret)
    assert refused.value.code == "wording_changed"


def test_suggestion_for_a_version_in_which_the_section_reads_alike_is_stored(
    text: Text, section: Section, citizen: Citizen
) -> None:
    late = draft(section, "three", "ten")
    put_version(text, kept(text))
    made = suggest(section, late, citizen.secret)
    assert made.wording.version.number == 2


def test_section_that_is_gone_takes_no_suggestion(text: Text, section: Section, citizen: Citizen) -> None:
    late = draft(section, "three", "ten")
    put_version(text, kept(text)[1:])
    section.refresh_from_db()
    with pytest.raises(NotAllowed) as refused:
        suggest(section, late, citizen.secret)
    assert refused.value.code == "section_gone"


@pytest.mark.parametrize("fields", [{"allows_comments": False}, {"closes_at": timezone.now()}])
def test_suggestions_follow_the_rules_of_comments(
    section: Section, citizen: Citizen, fields: dict[str, object]
) -> None:
    assert section.contribution is not None
    Campaign.objects.update(**fields)
    section.refresh_from_db()
    with pytest.raises(NotAllowed):
        suggest(section, draft(section, "three", "ten"), citizen.secret)


def test_suggestions_count_for_the_limit_of_comments(section: Section, citizen: Citizen) -> None:
    now = timezone.now()

    def many() -> None:
        for number in range(200):
            at = now + timedelta(milliseconds=number)
            suggest(section, draft(section, "three", str(number + 10)), citizen.secret, at)

    with pytest.raises(TooMany):
        many()


def test_erased_person_leaves_no_suggestion(campaign: Campaign, section: Section, citizen: Citizen) -> None:
    suggest(section, draft(section, "three", "ten"), citizen.secret)
    manager = personas.make_user("m@example.org", is_superuser=True)
    erase_participant(citizen.participant(campaign), actor=manager)
    assert not Suggestion.objects.exists()


def test_quote_is_found_where_it_stands_once(section: Section) -> None:
    found = draft_of_quote(section, Quote("gets ", "three", ""), "ten")
    assert (found.start, found.end) == (16, 21)
    for quote, code in ((Quote("", "pines", ""), "quote_not_found"), (Quote("", "e", ""), "quote_repeats")):
        with pytest.raises(Invalid) as refused:
            draft_of_quote(section, quote, "ten")
        assert [one.code for one in refused.value.fields["exact"]] == [code]


def test_added_words_keep_the_space_before_them(section: Section, citizen: Citizen) -> None:
    made = suggest(section, draft_of_quote(section, Quote("three", "", " trees"), " tall"), citizen.secret)
    assert (made.prefix, made.exact.strip(), made.replacement.strip()) == (
        "The square gets three ",
        "",
        "tall",
    )
