"""Questions added, changed and ordered by managers: names, values, and what is refused once people have answered."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from accounts.models import Role, User
from mapping.models import Audience, Campaign, CampaignChange, Picture, Question
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup.asking.drafts import QuestionDraft, draft_of, version_of
from mapping.services.setup.asking.removal import Answers, remove_question
from mapping.services.setup.asking.rows import Row
from mapping.services.setup.questions import add_question, change_question, place_question
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.personas import category_of, make_contribution
from tests.services.setup.world import RED_GREEN, answer, draft, tally

pytestmark = pytest.mark.django_db


def test_names_and_values_are_made_in_german_spelling(colour: Question) -> None:
    assert colour.slug == "welche-farbe"
    assert colour.options == {
        "choices": [
            {"value": "rot", "title": "Rot"},
            {"value": "gruen", "title": "Grün"},
            {"value": "anderes", "title": "Anderes", "other": True},
        ]
    }


def test_names_are_unique_within_their_owner_only(
    campaign: Campaign, colour: Question, manager: User
) -> None:
    assert add_question(campaign, draft(), actor=manager).slug == "welche-farbe-2"
    assert add_question(category_of(campaign, "spot"), draft(), actor=manager).slug == "welche-farbe"


def test_titles_without_latin_letters_get_names_too(campaign: Campaign, manager: User) -> None:
    made = add_question(campaign, draft("מה?", choices=(Row("אדום"), Row("ירוק"))), actor=manager)
    assert made.slug == "question"
    assert [one["value"] for one in made.options["choices"]] == ["choice", "choice-2"]


def test_values_outlive_their_titles(colour: Question, manager: User) -> None:
    renamed = replace(
        draft_of(colour), title="Lieblingsfarbe?", choices=(Row("Blau"), Row("Rubinrot", "rot"))
    )
    changed = change_question(colour, renamed, actor=manager)
    assert changed.slug == "welche-farbe"
    assert changed.options["choices"] == [
        {"value": "blau", "title": "Blau"},
        {"value": "rot", "title": "Rubinrot"},
    ]


def test_invented_and_repeated_values_are_made_anew(colour: Question, manager: User) -> None:
    listed = (Row("Rot", "rot"), Row("Blau", "rot"), Row("Gelb", "invented"))
    changed = change_question(colour, replace(draft_of(colour), choices=listed), actor=manager)
    assert [one["value"] for one in changed.options["choices"]] == ["rot", "blau", "gelb"]


def test_removed_choices_are_remembered_and_come_back_under_their_title(
    colour: Question, manager: User
) -> None:
    stored = draft_of(colour)
    without = change_question(colour, replace(stored, choices=stored.choices[1:]), actor=manager)
    assert without.options["removed"] == [{"value": "rot", "title": "Rot"}]
    again = change_question(colour, replace(stored, choices=(*stored.choices[1:], Row("rot"))), actor=manager)
    assert again.options["choices"][-1] == {"value": "rot", "title": "rot"}
    assert "removed" not in again.options


def test_value_of_a_removed_choice_goes_to_no_other(colour: Question, manager: User) -> None:
    stored = draft_of(colour)
    change_question(colour, replace(stored, choices=stored.choices[1:]), actor=manager)
    changed = change_question(
        colour, replace(stored, choices=(*stored.choices[1:], Row("Rot!"))), actor=manager
    )
    assert changed.options["choices"][-1]["value"] == "rot-2"


REFUSED: list[tuple[str, QuestionDraft, dict[str, str]]] = [
    ("no title", draft(" "), {"title": "required"}),
    ("a long title", draft("a" * 201), {"title": "too_long"}),
    ("an unknown kind", draft(kind="guess"), {"kind": "not_a_choice"}),
    ("no choices", draft(choices=()), {"choices": "choices_needed"}),
    ("a choice without title", draft(choices=(Row("A"), Row(" "))), {"choices.1.title": "required"}),
    ("the same choice twice", draft(choices=(Row("A"), Row("a"))), {"choices.1.title": "title_twice"}),
    ("201 choices", draft(choices=[Row(str(one)) for one in range(201)]), {"choices": "too_many_choices"}),
    (
        "a ranking with a text",
        draft(kind="ranking", choices=(Row("A", asks_text=True),)),
        {},
    ),
    ("a matrix without rows", draft(kind="matrix", choices=RED_GREEN), {"rows": "rows_needed"}),
    (
        "a picture missing",
        draft(kind="picture_choice", choices=(Row("A"),)),
        {"choices.0.picture": "picture_needed"},
    ),
    (
        "a scale that is a word",
        draft(kind="scale", bounds={"minimum": "low"}),
        {"minimum": "not_a_number_answer"},
    ),
    ("a scale with halves", draft(kind="scale", bounds={"maximum": "4,5"}), {"maximum": "whole_number"}),
    ("an endless scale", draft(kind="scale", bounds={"maximum": "1000"}), {"maximum": "too_many_steps"}),
    ("a scale upside down", draft(kind="scale", bounds={"minimum": "7"}), {"minimum": "in_words"}),
    ("a day that is none", draft(kind="date", bounds={"minimum": "2026-02-30"}), {"minimum": "in_words"}),
    ("a condition on nothing", draft(show_if={"question": "x", "is": "y"}), {"show_if": "in_words"}),
    ("a wrong audience", draft(audience="friends"), {"audience": "not_a_choice"}),
    (
        "everything at once",
        draft("", choices=(Row(""),), show_if={"any": []}),
        {"title": "required", "choices.0.title": "required", "show_if": "in_words"},
    ),
]


@pytest.mark.parametrize(("what", "wrong", "codes"), REFUSED, ids=[row[0] for row in REFUSED])
def test_wrong_questions_are_refused_at_their_fields(
    campaign: Campaign, manager: User, what: str, wrong: QuestionDraft, codes: dict[str, str]
) -> None:
    if not codes:  # the choice that may not have a text just has none
        assert "other" not in add_question(campaign, wrong, actor=manager).options["choices"][0]
        return
    with pytest.raises(Invalid) as refused:
        add_question(campaign, wrong, actor=manager)
    assert {name: problems[0].code for name, problems in refused.value.fields.items()} == codes
    assert not Question.objects.of_survey(campaign.pk).exists()


def test_categories_ask_no_questions_of_surveys(campaign: Campaign, manager: User) -> None:
    matrix = draft(kind="matrix", choices=RED_GREEN, statements=(Row("Sicher"),))
    with pytest.raises(Invalid) as refused:
        add_question(category_of(campaign, "spot"), matrix, actor=manager)
    assert refused.value.fields["kind"][0].code == "surveys_only"
    made = add_question(campaign, matrix, actor=manager)
    assert made.options["rows"] == [{"value": "sicher", "title": "Sicher"}]


def test_pictures_of_another_campaign_are_refused(campaign: Campaign, manager: User) -> None:
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    own, foreign = (
        Picture.objects.create(campaign=one, file="a.jpg", width=1, height=1, digest=b"1")
        for one in (campaign, elsewhere)
    )
    rows = [Row(title, picture=str(one.pk), alt=title) for title, one in (("A", own), ("B", foreign))]
    with pytest.raises(Invalid) as refused:
        add_question(campaign, draft(kind="picture_choice", choices=rows), actor=manager)
    assert list(refused.value.fields) == ["choices.1.picture"]
    made = add_question(campaign, draft(kind="picture_choice", choices=rows[:1]), actor=manager)
    assert made.options["choices"] == [{"value": "a", "title": "A", "picture": str(own.pk), "alt": "A"}]


def test_number_of_questions_is_limited(campaign: Campaign, manager: User) -> None:
    Question.objects.bulk_create(
        Question(campaign=campaign, slug=f"q{one}", title="Q", kind="text", position=one)
        for one in range(100)
    )
    with pytest.raises(Invalid) as refused:
        add_question(campaign, draft(), actor=manager)
    assert refused.value.fields["title"][0].code == "too_many_questions"


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_managers_change_questions(campaign: Campaign, colour: Question, role: Role) -> None:
    someone = personas.make_user("someone@example.org", campaign, role)
    for write in (
        lambda: add_question(campaign, draft(), actor=someone),
        lambda: change_question(colour, draft_of(colour), actor=someone),
        lambda: place_question(colour, 0, actor=someone),
    ):
        with pytest.raises(NotAllowed):
            write()


# --- once people have answered ---------------------------------------------------------------------------------------

Change = Callable[[QuestionDraft], QuestionDraft]
ANSWERED: list[tuple[str, Change, dict[str, str]]] = [
    ("another title", lambda one: replace(one, title="Farbe"), {}),
    ("another choice", lambda one: replace(one, choices=(*one.choices, Row("Blau"))), {}),
    ("another order", lambda one: replace(one, choices=tuple(reversed(one.choices))), {}),
    ("required", lambda one: replace(one, required=True), {}),
    ("for staff only", lambda one: replace(one, audience=Audience.STAFF), {}),
    ("several choices", lambda one: replace(one, kind="multiple_choice"), {"kind": "kind_answered"}),
    ("a text", lambda one: replace(one, kind="text"), {"kind": "kind_answered"}),
]


@pytest.mark.parametrize(("change", "codes"), [row[1:] for row in ANSWERED], ids=[row[0] for row in ANSWERED])
def test_answered_question_keeps_what_answers_mean(
    campaign: Campaign, colour: Question, manager: User, change: Change, codes: dict[str, str]
) -> None:
    sent = answer(campaign, welche_farbe="rot")
    wanted = change(draft_of(colour))
    if codes:
        with pytest.raises(Invalid) as refused:
            change_question(colour, wanted, actor=manager)
        assert {name: problems[0].code for name, problems in refused.value.fields.items()} == codes
    else:
        change_question(colour, wanted, actor=manager)
    sent.refresh_from_db()
    assert sent.all_answers == {"welche-farbe": "rot"}
    assert tally(campaign)["welche-farbe"] == {"": 1, "rot": 1}


def test_draft_of_a_response_counts_as_answered(campaign: Campaign, colour: Question, manager: User) -> None:
    respond(campaign, Sheet({"welche-farbe": "rot"}, is_draft=True), "a" * 43)
    with pytest.raises(Invalid):
        change_question(colour, replace(draft_of(colour), kind="multiple_choice"), actor=manager)


def test_answers_for_staff_never_become_public(campaign: Campaign, manager: User) -> None:
    age = add_question(campaign, draft("Alter", "number", audience=Audience.STAFF), actor=manager)
    answer(campaign, alter=41)
    with pytest.raises(Invalid) as refused:
        change_question(age, replace(draft_of(age), audience=Audience.PUBLIC), actor=manager)
    assert refused.value.fields["audience"][0].code == "audience_answered"


def test_ends_of_an_answered_scale_stay(campaign: Campaign, manager: User) -> None:
    scale = add_question(campaign, draft("Sicher?", "scale"), actor=manager)
    assert scale.options == {"minimum": 1, "maximum": 5}
    answer(campaign, sicher=5)
    with pytest.raises(Invalid) as refused:
        change_question(scale, replace(draft_of(scale), bounds={"maximum": "10"}), actor=manager)
    assert refused.value.fields["minimum"][0].code == "scale_answered"
    titled = {"minimum": "1", "maximum": "5", "maximum_title": "sehr"}
    assert change_question(scale, replace(draft_of(scale), bounds=titled), actor=manager).options == {
        "minimum": 1,
        "maximum": 5,
        "maximum_title": "sehr",
    }


def test_contributions_answer_questions_too(campaign: Campaign, manager: User) -> None:
    single = category_of(campaign, "survey").questions.get(slug="single-choice")
    make_contribution(campaign, category="survey", answers={"single-choice": "day"})
    with pytest.raises(Invalid):
        change_question(single, replace(draft_of(single), kind="multiple_choice"), actor=manager)


# --- conditions ------------------------------------------------------------------------------------------------------


def test_tested_choice_is_not_removed(colour: Question, why: Question, manager: User) -> None:
    stored = draft_of(colour)
    with pytest.raises(Invalid) as refused:
        change_question(
            colour, replace(stored, choices=stored.choices[:1]), actor=manager, answers=Answers.KEEP
        )
    problem = refused.value.fields["choices"][0]
    assert (problem.code, problem.params["titles"]) == ("choice_tested", "“Warum?”")


def test_kind_that_a_condition_needs_stays(colour: Question, why: Question, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        change_question(colour, replace(draft_of(colour), kind="text"), actor=manager)
    assert refused.value.fields["kind"][0].code == "choice_tested"


def test_order_leaves_conditions_behind_what_they_test(
    campaign: Campaign, colour: Question, why: Question, manager: User
) -> None:
    first = add_question(campaign, draft("Wo?", "text"), actor=manager)
    place_question(first, 0, actor=manager)
    assert slugs(campaign) == ["wo", "welche-farbe", "warum"]
    for question, index in ((why, 0), (colour, 2)):
        with pytest.raises(Invalid) as refused:
            place_question(question, index, actor=manager)
        assert refused.value.fields["order"][0].params["titles"] == "“Warum?”"
    assert slugs(campaign) == ["wo", "welche-farbe", "warum"]
    assert [one.position for one in Question.objects.of_survey(campaign.pk)] == [0, 1, 2]


def slugs(campaign: Campaign) -> list[str]:
    return [one.slug for one in Question.objects.of_survey(campaign.pk)]


def test_condition_broken_before_does_not_hold_up_other_changes(
    campaign: Campaign, colour: Question, why: Question, manager: User
) -> None:
    Question.objects.filter(pk=why.pk).update(show_if={"question": "gone", "is": "x"})
    change_question(colour, replace(draft_of(colour), title="Farbe?"), actor=manager)
    place_question(colour, 1, actor=manager)
    assert slugs(campaign) == ["warum", "welche-farbe"]


# --- two people at once, and the record ------------------------------------------------------------------------------


def test_change_made_meanwhile_is_not_overwritten_unseen(colour: Question, manager: User) -> None:
    seen = version_of(colour)
    change_question(colour, replace(draft_of(colour), title="Farbe?"), actor=manager, expected=seen)
    with pytest.raises(Conflict) as refused:
        change_question(colour, draft_of(colour), actor=manager, expected=seen)
    assert refused.value.code == "question_changed"
    Question.objects.all().delete()
    with pytest.raises(Conflict) as refused:
        change_question(colour, draft_of(colour), actor=manager)
    assert refused.value.code == "gone"


def test_changes_are_kept_in_the_history(campaign: Campaign, colour: Question, manager: User) -> None:
    change_question(colour, draft_of(colour), actor=manager)
    change_question(colour, replace(draft_of(colour), help_text="Kurz"), actor=manager)
    noted = list(CampaignChange.objects.filter(campaign=campaign).order_by("pk"))
    assert [(one.step, one.actor) for one in noted] == [("questions", manager)] * 2
    assert noted[1].before != noted[1].after


def test_public_campaign_stays_publishable(campaign: Campaign, colour: Question, manager: User) -> None:
    campaign.categories.all().delete()
    with pytest.raises(NotAllowed) as refused:
        remove_question(colour, actor=manager)
    assert refused.value.code == "unpublishable"
    changed = change_question(colour, replace(draft_of(colour), title="Farbe?"), actor=manager)
    assert changed.title == "Farbe?"
    Campaign.objects.update(is_draft=True)
    remove_question(colour, actor=manager)
    assert not Question.objects.filter(pk=colour.pk).exists()
