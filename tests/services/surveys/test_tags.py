"""Tags of texts follow their texts, whatever becomes of these."""

from uuid import UUID

import pytest

from accounts.models import User
from mapping.models import (
    Audience,
    Campaign,
    Question,
    Response,
    TaggedText,
    TextTag,
    Withdrawal,
)
from mapping.services import erase
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.surveys import responses, tags
from mapping.services.surveys.responses import Sheet
from mapping.services.surveys.tags import SeenText, digest_of
from tests import personas
from tests.personas import Citizen
from tests.surveys.answering import answer
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "why", "long_text", title="Why")
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Colour")
    return campaign


def seen(response: Response, writing: str = "why") -> SeenText:
    return SeenText(response.pk, digest_of(response.all_answers[writing]))


def tag(campaign: Campaign, actor: User, name: str, *given: Response) -> TextTag:
    made = tags.add_tag(campaign, actor, name)
    if given:
        tags.tag_texts(campaign, actor, "why", [seen(one) for one in given], tags=[made.pk])
    return made


def given(response: Response) -> dict[str, bool]:
    """The tags of a response's texts, and whether they are stale."""
    return {one.tag.name: one.is_stale for one in TaggedText.objects.filter(response=response)}


def sent(campaign: Campaign, citizen: Citizen, **answers: object) -> Response:
    return responses.respond(campaign, Sheet(answers), citizen.secret).response


def test_several_texts_get_several_tags_at_once(survey: Campaign, analyst: User) -> None:
    first, second = answer(survey, {"why": "dark and narrow"}, {"why": "dark"})
    dark, narrow = (tags.add_tag(survey, analyst, name) for name in ("dark", "narrow"))
    both = [seen(first), seen(second)]
    assert tags.tag_texts(survey, analyst, "why", both, tags=[dark.pk, narrow.pk]).texts == 2
    tags.tag_texts(survey, analyst, "why", [seen(second)], tags=[narrow.pk], mode="remove")
    assert given(first) == {"dark": False, "narrow": False}
    assert given(second) == {"dark": False}


def test_new_name_makes_a_tag_and_a_known_one_is_found(survey: Campaign, analyst: User) -> None:
    (response,) = answer(survey, {"why": "dark"})
    for name in ("  Dark  ", "dark"):
        tags.tag_texts(survey, analyst, "why", [seen(response)], tags=[], name=name)
    assert [one.name for one in TextTag.objects.all()] == ["Dark"]
    assert given(response) == {"Dark": False}


def test_marks_of_new_tags_differ(survey: Campaign, analyst: User) -> None:
    marks = [tags.add_tag(survey, analyst, str(number)).mark for number in range(6)]
    assert len(set(marks)) == 6


def test_changed_text_makes_its_tags_stale_until_they_are_confirmed(
    survey: Campaign, analyst: User, citizen: Citizen
) -> None:
    response = sent(survey, citizen, why="dark")
    dark = tag(survey, analyst, "dark", response)
    response = responses.change(response, Sheet({"why": "dark", "colour": "red"}))
    assert given(response) == {"dark": False}
    response = responses.change(response, Sheet({"why": "it is loud"}))
    assert given(response) == {"dark": True}
    tags.tag_texts(survey, analyst, "why", [seen(response)], tags=[dark.pk])
    assert given(response) == {"dark": False}


def test_text_that_was_changed_since_it_was_read_is_left_out(
    survey: Campaign, analyst: User, citizen: Citizen
) -> None:
    response = sent(survey, citizen, why="dark")
    read, dark = seen(response), tag(survey, analyst, "dark")
    responses.change(response, Sheet({"why": "it is loud"}))
    unknown = SeenText(UUID(int=7), read.digest)
    result = tags.tag_texts(survey, analyst, "why", [read, unknown], tags=[dark.pk])
    assert (result.texts, result.left_out) == (0, 2)
    assert given(response) == {}


def test_emptied_text_loses_its_tags(survey: Campaign, analyst: User, citizen: Citizen) -> None:
    response = sent(survey, citizen, why="dark")
    tag(survey, analyst, "dark", response)
    responses.change(response, Sheet({"colour": "red"}))
    assert not TaggedText.objects.exists()


def test_withdrawn_and_erased_responses_take_their_tags_with_them(
    survey: Campaign, analyst: User, citizen: Citizen, manager: User
) -> None:
    response = sent(survey, citizen, why="dark")
    tag(survey, analyst, "dark", response)
    responses.withdraw_response(response)
    assert not TaggedText.objects.exists()
    other = Citizen("other", "x" * 43)
    response = sent(survey, other, why="dark")
    tags.tag_texts(survey, analyst, "why", [seen(response)], tags=[], name="dark")
    erase.erase_participant(other.participant(survey), actor=manager)
    assert not TaggedText.objects.exists()
    assert Withdrawal.objects.count() == 2
    assert TextTag.objects.exists()


def test_tags_stay_when_the_audience_of_a_question_changes(survey: Campaign, analyst: User) -> None:
    (response,) = answer(survey, {"why": "dark"})
    tag(survey, analyst, "dark", response)
    for audience in (Audience.STAFF, Audience.PUBLIC):
        question = Question.objects.get(slug="why")
        question.audience = audience
        question.save()
        assert given(response) == {"dark": False}


def test_merged_tags_keep_what_was_confirmed(survey: Campaign, analyst: User) -> None:
    one, both, changed = answer(survey, {"why": "a"}, {"why": "b"}, {"why": "c"})
    dark = tag(survey, analyst, "dark", one, both, changed)
    gloomy = tag(survey, analyst, "gloomy", both)
    Response.objects.filter(pk__in=(changed.pk, both.pk)).update(answers={"why": "other"})
    both.refresh_from_db()
    tags.tag_texts(survey, analyst, "why", [seen(both)], tags=[dark.pk])
    tags.merge_tags(dark, gloomy, analyst)
    assert [given(response) for response in (one, both, changed)] == [
        {"gloomy": False},
        {"gloomy": False},
        {"gloomy": True},
    ]
    with pytest.raises(Conflict, match="tag_gone"):
        tags.merge_tags(dark, gloomy, analyst)


def test_deleted_tag_leaves_the_texts(survey: Campaign, analyst: User) -> None:
    (response,) = answer(survey, {"why": "dark"})
    dark = tag(survey, analyst, "dark", response)
    tags.change_tag(dark, analyst, "too dark", "drop")
    assert given(response) == {"too dark": False}
    tags.delete_tag(dark, analyst)
    assert given(response) == {}
    assert Response.objects.get().answers == {"why": "dark"}


def test_change_of_a_tag_that_was_deleted_meanwhile_does_not_bring_it_back(
    survey: Campaign, analyst: User
) -> None:
    dark = tag(survey, analyst, "dark")
    TextTag.objects.filter(pk=dark.pk).delete()
    with pytest.raises(Conflict, match="tag_gone"):
        tags.change_tag(dark, analyst, "too dark", "drop")
    assert not TextTag.objects.exists()


def test_bad_tags_are_refused_at_their_field(survey: Campaign, analyst: User) -> None:
    dark = tag(survey, analyst, "dark")
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    foreign = TextTag.objects.create(campaign=elsewhere, name="foreign")
    (response,) = answer(survey, {"why": "dark"})
    read = [seen(response)]
    for refused, field in (
        (lambda: tags.add_tag(survey, analyst, " \u200b "), "name"),
        (lambda: tags.add_tag(survey, analyst, "DARK"), "name"),
        (lambda: tags.add_tag(survey, analyst, "x" * 61), "name"),
        (lambda: tags.add_tag(survey, analyst, "x", "star"), "mark"),
        (lambda: tags.merge_tags(dark, dark, analyst), "into"),
        (lambda: tags.merge_tags(dark, foreign, analyst), "into"),
        (lambda: tags.tag_texts(survey, analyst, "why", [], tags=[dark.pk]), "texts"),
        (lambda: tags.tag_texts(survey, analyst, "why", read * 201, tags=[dark.pk]), "texts"),
        (lambda: tags.tag_texts(survey, analyst, "why", read, tags=[]), "tags"),
        (lambda: tags.tag_texts(survey, analyst, "why", read, tags=[foreign.pk]), "tags"),
    ):
        with pytest.raises(Invalid) as error:
            refused()
        assert list(error.value.fields) == [field]
    assert not TaggedText.objects.exists()


def test_number_of_tags_is_limited(survey: Campaign, analyst: User) -> None:
    TextTag.objects.bulk_create(TextTag(campaign=survey, name=str(number)) for number in range(100))
    with pytest.raises(Invalid) as error:
        tags.add_tag(survey, analyst, "one more")
    assert error.value.fields["name"][0].code == "too_many_tags"


def test_only_those_who_read_responses_tag(survey: Campaign, moderator: User, outsider: User) -> None:
    tagged = TextTag.objects.create(campaign=survey, name="dark")
    for user in (moderator, outsider):
        for write in (
            lambda user=user: tags.add_tag(survey, user, "loud"),
            lambda user=user: tags.change_tag(tagged, user, "loud", "drop"),
            lambda user=user: tags.merge_tags(tagged, tagged, user),
            lambda user=user: tags.delete_tag(tagged, user),
            lambda user=user: tags.tag_texts(survey, user, "why", [], tags=[]),
        ):
            with pytest.raises(NotAllowed):
                write()
    assert [one.name for one in TextTag.objects.all()] == ["dark"]
