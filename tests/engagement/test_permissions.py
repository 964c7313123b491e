"""Who may do what with dates and papers, when: one table for everything that `engagement.rules` decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from engagement import rules
from engagement.models import EventStatus
from mapping.models import Campaign
from tests import personas
from tests.engagement.making import (
    make_body,
    make_document,
    make_editor,
    make_event,
    make_plan,
    make_update,
)
from tests.personas import user_called

NOW = timezone.now()
WHO = (
    "anonymous",
    "outsider",
    "analyst",
    "moderator",
    "manager",
    "administrator",
    "dismissed",
    "editor",
    "dismissed_editor",
)
TABLE: dict[str, str] = {
    # what; who in the order of WHO
    "may_edit_records":               "no   no   no   no   no   yes  no   yes  no",
    "may_edit_of_campaign":           "no   no   no   no   yes  yes  no   yes  no",
    "may_edit_event":                 "no   no   no   no   yes  yes  no   yes  no",
    "may_edit_event (of the city)":   "no   no   no   no   no   yes  no   yes  no",
    "may_edit_event (of two)":        "no   no   no   no   no   yes  no   yes  no",
    "may_see_event (draft)":          "no   no   no   no   yes  yes  no   yes  no",
    "may_see_event (public)":         "yes  yes  yes  yes  yes  yes  yes  yes  yes",
    "may_edit_document":              "no   no   no   no   yes  yes  no   yes  no",
    "may_edit_document (of a body)":  "no   no   no   no   no   yes  no   yes  no",
    "may_edit_update":                "no   no   no   no   yes  yes  no   yes  no",
    "may_see_update (draft)":         "no   no   no   no   yes  yes  no   yes  no",
    "may_see_update (public)":        "yes  yes  yes  yes  yes  yes  yes  yes  yes",
    "may_see_update (of tomorrow)":   "no   no   no   no   yes  yes  no   yes  no",
    "may_see_plan (draft)":           "no   no   no   no   no   yes  no   yes  no",
    "may_see_plan (public)":          "yes  yes  yes  yes  yes  yes  yes  yes  yes",
}  # fmt: skip
ROWS = [
    (what, who, expected == "yes")
    for what, row in TABLE.items()
    for who, expected in zip(WHO, row.split(), strict=True)
]


def somebody(name: str, campaign: Campaign) -> User | AnonymousUser:
    if name.endswith("editor"):
        return make_editor(is_active=name == "editor")
    return user_called(name, campaign)


@pytest.mark.parametrize(("what", "who", "expected"), ROWS)
def test_staff(db: None, what: str, who: str, expected: bool) -> None:
    campaign = personas.make_campaign(with_categories=False)
    user = somebody(who, campaign)
    name, _, state = what.partition(" ")
    is_draft = state == "(draft)"
    match name:
        case "may_edit_records":
            answer = rules.may_edit_records(user)
        case "may_edit_of_campaign":
            answer = rules.may_edit_of_campaign(user, campaign)
        case "may_edit_event" | "may_see_event":
            two = [campaign, personas.make_campaign("third", with_categories=False)]
            campaigns = {"(of the city)": [], "(of two)": two}.get(state, [campaign])
            answer = getattr(rules, name)(user, make_event(None, *campaigns, is_draft=is_draft))
        case "may_edit_document":
            body = make_body() if state else None
            answer = rules.may_edit_document(user, make_document(campaign=campaign, body=body))
        case "may_edit_update":
            answer = rules.may_edit_update(user, make_update(campaign))
        case "may_see_update":
            out = NOW + timedelta(days=1) if state == "(of tomorrow)" else NOW - timedelta(days=1)
            update = make_update(campaign, is_draft=is_draft, published_at=out)
            answer = rules.may_see_update(user, update, NOW)
        case _:
            answer = rules.may_see_plan(user, make_plan(is_draft=is_draft))
    assert answer is expected


def test_every_rule_is_tested() -> None:
    declared = {
        name
        for name, one in vars(rules).items()
        if name.startswith("may_") and one.__module__ == rules.__name__
    }
    assert declared == {what.split()[0] for what in TABLE} | {"may_register", "may_propose"}


@pytest.mark.parametrize(
    ("fields", "minutes_before", "expected"),
    [
        ({"takes_registrations": True}, 1, True),
        ({"takes_registrations": True}, 0, False),
        ({"takes_registrations": False}, 60, False),
        ({"takes_registrations": True, "is_draft": True}, 60, False),
        ({"takes_registrations": True, "registration_closes_hours": 2}, 121, True),
        ({"takes_registrations": True, "registration_closes_hours": 2}, 120, False),
    ],
)
def test_people_register_until_the_end_of_registration(
    db: None, fields: dict[str, Any], minutes_before: int, expected: bool
) -> None:
    day = make_event(NOW + timedelta(days=1), **fields).dates.get()
    assert rules.may_register(day, day.starts_at - timedelta(minutes=minutes_before)) is expected


def test_nobody_registers_for_a_cancelled_date(db: None) -> None:
    day = make_event(NOW + timedelta(days=1), takes_registrations=True).dates.get()
    day.status = EventStatus.CANCELLED
    assert not rules.may_register(day, NOW)


@pytest.mark.parametrize(
    ("days", "is_draft", "expected"),
    [(0, False, True), (-1, False, False), (None, False, False), (9, True, False)],
)
def test_participation_is_proposed_until_a_day(
    db: None, days: int | None, is_draft: bool, expected: bool
) -> None:
    today = timezone.localdate()
    until = None if days is None else today + timedelta(days=days)
    assert rules.may_propose(make_plan(takes_proposals_until=until, is_draft=is_draft), today) is expected
