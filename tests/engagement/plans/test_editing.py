"""Plans are stored, explained and published by those who may edit them."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from engagement.models import Plan, Stage
from engagement.services.plans.editing import (
    MOST_DECISIONS,
    DecisionValues,
    delete_plan,
    save_plan,
    set_public,
    version_of,
)
from mapping.models import District, DistrictLayer
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from tests import personas
from tests.engagement.making import make_editor, make_plan

VALUES: dict[str, object] = {
    "title": "Neue Mitte am Pfaffplatz",
    "topic": "centre",
    "stage": "idea",
    "expected": "open",
    "admitted_on": date(2026, 3, 1),
}
DECISION = DecisionValues(date(2026, 2, 9), "Beschluss des Stadtrats", "https://council.example.org/1")


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


def save(editor: User, plan: Plan | None = None, *decisions: DecisionValues, **more: Any) -> Plan:
    options = {name: more.pop(name) for name in ("geometry", "change") if name in more}
    seen = more.pop("seen", version_of(plan))
    return save_plan(editor, plan, VALUES | more, decisions, expected=seen, **options)


def codes(error: DomainError) -> dict[str, list[str]]:
    assert isinstance(error, Invalid)
    return {name: [one.code for one in problems] for name, problems in error.fields.items()}


def test_new_plan_is_a_draft_with_an_address_from_its_title(editor: User) -> None:
    plan = save(editor, None, DECISION, geometry=personas.square())
    assert (plan.slug, plan.is_draft) == ("neue-mitte-am-pfaffplatz", True)
    assert plan.place is not None
    assert [one.title for one in plan.decisions.all()] == [DECISION.title]


def test_plan_lies_in_the_district_of_its_place(editor: User) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    ward = District.objects.create(layer=layer, code="1", name="North", geom=personas.area())
    assert save(editor, geometry=personas.square()).district == ward
    assert save(editor, title="Another one").district is None


@pytest.mark.parametrize(
    ("title", "slug"), [("Neue Mitte!", "neue-mitte-2"), ("New", "new-2"), ("市民", "plan")]
)
def test_addresses_are_unique_and_free(editor: User, title: str, slug: str) -> None:
    make_plan(slug="neue-mitte")
    assert save(editor, title=title).slug == slug


@pytest.mark.parametrize(
    ("more", "decisions", "expected"),
    [
        ({"title": " "}, [], {"title": ["required"]}),
        ({"title": "a" * 161}, [], {"title": ["too_long"]}),
        ({"expected": "none"}, [], {"reason_without": ["plan_reason_missing"]}),
        ({"geometry": {"type": "Point", "coordinates": [200, 49]}}, [], {"geometry": ["out_of_range"]}),
        ({"geometry": "nonsense"}, [], {"geometry": ["not_an_object"]}),
        ({}, [DecisionValues(None, "Beschluss")], {"decisions": ["decision_incomplete"]}),
        ({}, [DecisionValues(date(2026, 1, 1), "")], {"decisions": ["decision_incomplete"]}),
        ({}, [DecisionValues(date(2026, 1, 1), "x", "javascript:alert(1)")], {"decisions": ["not_a_link"]}),
        ({}, [DECISION] * (MOST_DECISIONS + 1), {"decisions": ["too_many_decisions"]}),
        ({"stage": "maybe"}, [], {"stage": ["refused"]}),
        ({"topic": "gossip", "title": "x"}, [], {"topic": ["refused"]}),
    ],
)
def test_wrong_values_are_refused_at_their_field(
    editor: User, more: dict[str, Any], decisions: list[DecisionValues], expected: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        save(editor, None, *decisions, **more)
    assert codes(refused.value) == expected
    assert not Plan.objects.exists()


def test_public_plan_explains_a_new_stage(editor: User) -> None:
    plan = set_public(editor, save(editor), is_public=True)
    with pytest.raises(Invalid) as refused:
        save(editor, plan, stage="planning")
    assert codes(refused.value) == {"change": ["plan_change_unexplained"]}
    plan.refresh_from_db()
    plan = save(editor, plan, stage="planning", change="The council has begun to plan.")
    change = plan.changes.get()
    assert (change.text, change.stage_before, change.stage_after) == (
        "The council has begun to plan.",
        Stage.IDEA,
        Stage.PLANNING,
    )


def test_draft_changes_its_stage_without_words(editor: User) -> None:
    plan = save(editor, save(editor), stage="done", change="Nobody reads this yet.")
    assert plan.stage == Stage.DONE
    assert not plan.changes.exists()


def test_other_changes_may_be_explained(editor: User) -> None:
    plan = set_public(editor, save(editor), is_public=True)
    change = save(editor, plan, title="Neue Mitte", change="It has a shorter name.").changes.get()
    assert (change.stage_before, change.stage_after) == ("", "")


def test_changes_of_somebody_else_are_not_overwritten(editor: User) -> None:
    plan = save(editor)
    old = version_of(plan)
    plan = save(editor, plan, title="First")
    with pytest.raises(Conflict) as refused:
        save(editor, plan, title="Second", seen=old)
    assert refused.value.params == {"version": version_of(plan)}


def test_public_plan_is_not_deleted(editor: User) -> None:
    plan = set_public(editor, save(editor), is_public=True)
    with pytest.raises(NotAllowed, match="plan_is_public"):
        delete_plan(editor, plan)
    delete_plan(editor, set_public(editor, plan, is_public=False))
    assert not Plan.objects.exists()
    delete_plan(editor, plan)


def test_others_may_not_edit_plans(campaign: Any, manager: User) -> None:
    plan = make_plan()
    for write in (
        lambda: save(manager),
        lambda: save(manager, plan),
        lambda: set_public(manager, plan, is_public=False),
        lambda: delete_plan(manager, plan),
    ):
        with pytest.raises(NotAllowed, match="not_plans_editor"):
            write()
