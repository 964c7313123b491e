"""What edits replaced goes at the dates of what it is, also while the texts of the record stay."""

from typing import Any

import pytest

from accounts.models import User
from mapping.models import (
    Audience,
    Campaign,
    Contribution,
    ModerationEvent,
    Question,
    RemovedQuestion,
    RetentionRecord,
    Source,
)
from mapping.services.moderation import moderate
from mapping.services.moderation.undo import undo
from tests import personas
from tests.personas import GOOD_ANSWERS, STATION, point
from tests.services.retained.test_removing import run


@pytest.fixture
def edited(campaign: Campaign, moderator: User) -> Contribution:
    """A contribution of which place, text and all answers were changed; two of them only staff may read."""
    found = Question.objects.filter(category__campaign=campaign, category__slug="survey")
    found.filter(slug__in=("number", "scale")).update(audience=Audience.STAFF)
    stored = personas.make_contribution(campaign, category="survey", text="I am Ada", answers=GOOD_ANSWERS)
    answers = GOOD_ANSWERS | {"number": 1.5, "scale": 2, "single-choice": "day"}
    moderate.edit(stored, moderator, text="I am A.", answers=answers, geometry=point(STATION))
    return Contribution.objects.get(pk=stored.pk)


def original_of(contribution: Contribution) -> dict[str, Any]:
    events = ModerationEvent.objects.filter(contribution=contribution).exclude(original={})
    return dict(events.earliest("pk").original)


def test_former_place_goes_with_exact_places(edited: Contribution) -> None:
    before = original_of(edited)
    assert "geometry" in before
    run(edited.campaign, "places")
    assert original_of(edited) == {name: before[name] for name in before if name != "geometry"}
    assert RetentionRecord.objects.get(part="event-places").number == 1


def test_former_answers_for_staff_go_with_answers_for_staff(edited: Contribution) -> None:
    before = original_of(edited)
    assert before["answers"]["number"] == 12.5
    run(edited.campaign, "staff_answers")
    public = {name: one for name, one in before["answers"].items() if name not in {"number", "scale"}}
    assert original_of(edited) == before | {"answers": public}


def test_former_answers_are_judged_by_the_category_of_then(edited: Contribution, moderator: User) -> None:
    """Another category has no such questions, and a removed one is still known."""
    moderate.edit(edited, moderator, category="anything")
    choice = Question.objects.get(category__campaign=edited.campaign, slug="single-choice")
    values = {"slug": choice.slug, "title": choice.title, "kind": choice.kind}
    RemovedQuestion.objects.create(category=choice.category, audience=Audience.PUBLIC, **values)
    choice.delete()
    run(edited.campaign, "staff_answers")
    kept = ModerationEvent.objects.filter(contribution=edited, original__has_key="category").get().original
    assert kept["category"] == "survey"
    assert kept["answers"].keys() == GOOD_ANSWERS.keys() - {"number", "scale"}


def test_undo_restores_what_is_still_there(edited: Contribution, moderator: User) -> None:
    decision = ModerationEvent.objects.filter(contribution=edited).exclude(original={}).get()
    run(edited.campaign, "places", "staff_answers")
    place = Contribution.objects.get(pk=edited.pk).geom
    assert undo([decision.pk], edited.campaign, moderator).refused == []
    now = Contribution.objects.get(pk=edited.pk)
    assert (now.text, now.geom, now.staff_answers) == ("I am Ada", place, {})
    assert now.answers["single-choice"] == "night"


def test_undo_is_refused_where_the_shape_that_fitted_is_gone(campaign: Campaign, moderator: User) -> None:
    line = personas.wkt("LINESTRING(7.75 49.44, 7.76 49.45)")
    stored = personas.make_contribution(campaign, line, category="street")
    moderate.edit(stored, moderator, category="spot", geometry=point(STATION))
    decision = ModerationEvent.objects.filter(contribution=stored).exclude(original={}).get()
    run(campaign, "places")
    assert undo([decision.pk], campaign, moderator).refused == [decision]
    assert Contribution.objects.get(pk=stored.pk).category.slug == "spot"


def test_former_places_of_the_city_stay(campaign: Campaign, manager: User) -> None:
    place = personas.make_contribution(campaign, source=Source.CITY, title="Kiosk")
    moderate.edit(place, manager, geometry=point(STATION))
    run(campaign, "places")
    assert "geometry" in original_of(place)
