"""Reference distributions: stored, refused, removed, and beside the answers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.aggregation.surveys.comparing import compared
from mapping.models import Campaign, CampaignChange, Comparison, Question
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.surveys.comparing import ComparisonDraft, GroupDraft, compare_with, drop_comparison
from mapping.services.surveys.results import exact_results
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db

AGES = [
    {"value": "young", "title": "18 bis 29"},
    {"value": "middle", "title": "30–64"},
    {"value": "old", "title": "65 und älter"},
    {"value": "none", "title": "keine Angabe"},
]
GROUPS = (GroupDraft("18 bis 29", 20), GroupDraft("30 - 64", 55), GroupDraft("65 UND ÄLTER", 25))


def draft(*groups: GroupDraft, **fields: Any) -> ComparisonDraft:
    values: dict[str, Any] = {
        "about": "age",
        "unit": "per_cent",
        "source": "Zensus",
        "as_of": date(2022, 5, 15),
    }
    return ComparisonDraft(groups=groups or GROUPS, **(values | fields))


@pytest.fixture
def age(campaign: Campaign) -> Question:
    return ask(campaign, "age", "single_choice", options={"choices": AGES}, title="Wie alt sind Sie?")


def test_choices_find_groups_with_the_same_title(age: Question, manager: User) -> None:
    stored = compare_with(age, draft(), actor=manager)
    assert [group["choices"] for group in stored.groups] == [["young"], ["middle"], ["old"]]


def test_chosen_groups_win_and_those_that_are_gone_are_found_anew(age: Question, manager: User) -> None:
    chosen = {"young": "30 - 64", "middle": "", "old": "gone", "none": "65 UND ÄLTER"}
    stored = compare_with(age, draft(chosen=chosen), actor=manager)
    assert [group["choices"] for group in stored.groups] == [[], ["young"], ["old", "none"]]


def test_second_one_replaces_the_first_and_both_are_in_the_history(age: Question, manager: User) -> None:
    compare_with(age, draft(), actor=manager)
    compare_with(age, draft(is_public=True), actor=manager)
    compare_with(age, draft(is_public=True), actor=manager)
    assert Comparison.objects.get().is_public
    changes = CampaignChange.objects.filter(step="comparison").order_by("pk")
    assert [
        (one.before.get("is_public_comparison"), one.after["is_public_comparison"]) for one in changes
    ] == [
        (None, False),
        (False, True),
    ]
    drop_comparison(age, actor=manager)
    drop_comparison(age, actor=manager)
    assert not Comparison.objects.exists()
    assert CampaignChange.objects.filter(step="comparison").count() == 3


@pytest.mark.parametrize(
    ("field", "code", "given"),
    [
        ("groups", "shares_total", draft(GroupDraft("a", 200), GroupDraft("b", 100))),
        ("groups", "shares_total", draft(GroupDraft("a", 50), GroupDraft("b", 48.9))),
        ("groups", "groups_empty", draft(GroupDraft("a", 100), GroupDraft("b", 0))),
        ("groups", "groups_empty", draft(GroupDraft("a", 0), GroupDraft("b", 0), unit="people")),
        ("groups", "groups_needed", draft(GroupDraft("a", 100))),
        ("groups", "group_twice", draft(GroupDraft("a", 50), GroupDraft("a ", 50))),
        ("groups", "required", draft(GroupDraft(" ", 50), GroupDraft("b", 50))),
        ("groups", "size_out_of_range", draft(GroupDraft("a", -1), GroupDraft("b", 101))),
        ("groups", "size_out_of_range", draft(GroupDraft("a", float("nan")), GroupDraft("b", 50))),
        ("groups", "too_many_groups", draft(*(GroupDraft(str(number), 1) for number in range(100)))),
        ("source", "required", draft(source=" ")),
        ("source", "too_long", draft(source="x" * 301)),
        ("about", "not_a_choice", draft(about="shoes")),
        ("unit", "not_a_choice", draft(unit="dozens")),
        ("as_of", "in_the_future", draft(as_of=timezone.localdate() + timedelta(days=2))),
    ],
)
def test_bad_distributions_are_refused_at_their_field(
    age: Question, manager: User, field: str, code: str, given: ComparisonDraft
) -> None:
    with pytest.raises(Invalid) as refused:
        compare_with(age, given, actor=manager)
    assert [one.code for one in refused.value.fields[field]] == [code]
    assert not Comparison.objects.exists()


def test_rounded_shares_need_not_make_a_hundred(age: Question, manager: User) -> None:
    compare_with(age, draft(GroupDraft("a", 33), GroupDraft("b", 66)), actor=manager)
    compare_with(age, draft(GroupDraft("a", 34), GroupDraft("b", 67)), actor=manager)


@pytest.mark.parametrize("kind", ["multiple_choice", "text", "number", "scale"])
def test_only_questions_with_one_group_for_each_person(campaign: Campaign, manager: User, kind: str) -> None:
    with pytest.raises(Conflict) as refused:
        compare_with(ask(campaign, "other", kind), draft(), actor=manager)
    assert refused.value.code == "not_comparable"


def test_only_managers(age: Question, analyst: User, moderator: User) -> None:
    for user in (analyst, moderator):
        with pytest.raises(NotAllowed):
            compare_with(age, draft(), actor=user)
        with pytest.raises(NotAllowed):
            drop_comparison(age, actor=user)


def test_answers_beside_the_distribution(campaign: Campaign, age: Question, manager: User) -> None:
    stored = compare_with(age, draft(*GROUPS, unit="people"), actor=manager)
    answer(campaign, *times(4, age="young"), *times(70, age="middle"), *times(18, age="old"))
    answer(campaign, *times(9, age="none"))
    [result] = exact_results(campaign, [age]).questions
    found = compared(stored, result)
    assert found.representation.people == 92
    assert [part.verdict for part in found.representation.parts] == ["fewer", "more", "chance"]
    assert found.left_out == ("keine Angabe",)


def test_groups_nobody_could_choose_are_left_out_on_both_sides(
    campaign: Campaign, age: Question, manager: User
) -> None:
    groups = [GroupDraft("0 bis 17", 100), GroupDraft("18 bis 29", 40), GroupDraft("30–64", 60)]
    stored = compare_with(age, draft(*groups, unit="people"), actor=manager)
    answer(campaign, *times(40, age="young"), *times(60, age="middle"))
    found = compared(stored, exact_results(campaign, [age]).questions[0])
    assert found.unasked == ("0 bis 17",)
    assert [part.ratio for part in found.representation.parts] == [1, 1]


def test_distribution_goes_with_its_question(age: Question, manager: User) -> None:
    compare_with(age, draft(), actor=manager)
    age.delete()
    assert not Comparison.objects.exists()
