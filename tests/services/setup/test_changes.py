"""Saved changes of a campaign's setup: its history, the undo, and what a public campaign cannot become."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from accounts.models import User
from mapping.models import Action, Campaign, CampaignChange, Phase, Publication, Translation
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup import changes
from mapping.services.setup.area import city_extent, set_area
from mapping.services.setup.changes import PhaseValues, change, undo
from mapping.services.setup.period import set_period
from mapping.services.setup.texts import set_texts
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.surveys.world import ask

START = datetime(2027, 5, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def phase(title: str, first: int, last: int, *allows: str) -> PhaseValues:
    """A phase from one day to another."""
    return PhaseValues(title, START + first * DAY, START + last * DAY, "", allows or (Action.CONTRIBUTE,))


def newest(campaign: Campaign) -> CampaignChange:
    """The newest change of a campaign."""
    return CampaignChange.objects.filter(campaign=campaign)[0]


def test_history_keeps_only_what_changed(campaign: Campaign, manager: User) -> None:
    set_texts(campaign, manager, {"title": campaign.title, "summary": "New"})
    one = newest(campaign)
    assert (one.actor, one.step) == (manager, "texts")
    assert (one.before, one.after) == ({"summary": ""}, {"summary": "New"})
    set_texts(campaign, manager, {"title": campaign.title, "summary": "New"})
    assert CampaignChange.objects.filter(campaign=campaign).count() == 1


def test_undo_restores_texts_and_is_kept_itself(campaign: Campaign, manager: User) -> None:
    set_texts(campaign, manager, {"title": "Other", "summary": "New"})
    undo(campaign, manager, newest(campaign).pk)
    campaign.refresh_from_db()
    assert (campaign.title, campaign.summary) == ("Fear spaces", "")
    assert newest(campaign).undoes is not None
    assert changes.undoable(campaign) is None


def test_undo_restores_area_and_period_with_phases(campaign: Campaign, manager: User) -> None:
    before = campaign.area
    set_area(campaign, manager, MultiPolygon(Polygon.from_bbox((7.7, 49.4, 7.8, 49.5)), srid=4326), None)
    undo(campaign, manager, newest(campaign).pk)
    campaign.refresh_from_db()
    assert before is not None
    assert campaign.area is not None
    assert campaign.area.equals_exact(before, 1e-9)
    zone = ZoneInfo("Europe/Berlin")
    first = [phase("One", 0, 5), phase("Two", 5, 9, Action.SUPPORT)]
    opens_at, closes_at = START.astimezone(zone), (START + 10 * DAY).astimezone(zone)
    set_period(campaign, manager, opens_at=opens_at, closes_at=closes_at, phases=first)
    number = CampaignChange.objects.count()
    set_period(campaign, manager, opens_at=opens_at, closes_at=closes_at, phases=first[::-1])
    assert CampaignChange.objects.count() == number
    set_period(campaign, manager, opens_at=opens_at, closes_at=closes_at, phases=[])
    undo(campaign, manager, newest(campaign).pk)
    assert [one.title for one in Phase.objects.filter(campaign=campaign)] == ["One", "Two"]
    assert Phase.objects.get(title="Two").allows == [Action.SUPPORT]


def test_undo_restores_translations_of_removed_phases(campaign: Campaign, manager: User) -> None:
    def replace(*phases: PhaseValues) -> None:
        set_period(campaign, manager, opens_at=START, closes_at=START + 10 * DAY, phases=phases)

    one, two = phase("One", 0, 5), phase("Two", 5, 9)
    replace(one, two)
    for stored in campaign.phases.all():
        row = {
            "language": "en",
            "field": "title",
            "text": f"{stored.title}, translated",
            "original": stored.title,
        }
        Translation.objects.create(campaign=campaign, kind="phase", object_id=stored.pk, **row)
    replace(one)
    assert Translation.objects.get().text == "One, translated"
    undo(campaign, manager, newest(campaign).pk)
    [first, second] = campaign.phases.order_by("opens_at")
    texts = dict(Translation.objects.values_list("object_id", "text"))
    assert texts == {first.pk: "One, translated", second.pk: "Two, translated"}


def test_only_the_newest_change_is_undone(campaign: Campaign, manager: User) -> None:
    set_texts(campaign, manager, {"summary": "First"})
    first = newest(campaign)
    set_texts(campaign, manager, {"summary": "Second"})
    with pytest.raises(Conflict) as refused:
        undo(campaign, manager, first.pk)
    assert refused.value.code == "nothing_to_undo"


def test_what_was_changed_past_the_history_is_not_undone(campaign: Campaign, manager: User) -> None:
    set_texts(campaign, manager, {"summary": "First"})
    Campaign.objects.update(summary="By an operator")
    with pytest.raises(Conflict) as refused:
        undo(campaign, manager, newest(campaign).pk)
    assert refused.value.code == "changed_meanwhile"


@pytest.mark.parametrize("who", ["analyst", "moderator", "outsider"])
def test_only_managers_change_and_undo(campaign: Campaign, manager: User, who: str) -> None:
    other = personas.user_called(who, campaign)
    assert isinstance(other, User)
    with pytest.raises(NotAllowed):
        set_texts(campaign, other, {"summary": "Mine"})
    set_texts(campaign, manager, {"summary": "First"})
    with pytest.raises(NotAllowed):
        undo(campaign, other, newest(campaign).pk)


def test_public_campaign_is_not_edited_into_an_unpublishable_one(campaign: Campaign, manager: User) -> None:
    # As meinberlin once allowed (its issue 6063).
    with pytest.raises(NotAllowed) as refused:
        set_area(campaign, manager, None, None)
    assert refused.value.code == "unpublishable"
    campaign.refresh_from_db()
    assert campaign.area is not None
    Campaign.objects.update(is_draft=True)
    campaign.refresh_from_db()
    set_area(campaign, manager, None, None)


def test_what_was_wrong_before_does_not_forbid_other_changes(campaign: Campaign, manager: User) -> None:
    Campaign.objects.update(area=None)
    set_texts(campaign, manager, {"summary": "Still open"})
    campaign.refresh_from_db()
    assert campaign.summary == "Still open"


def test_protection_stays_once_people_contributed(campaign: Campaign, manager: User) -> None:
    change(campaign, manager, "publication", {"publication": Publication.CELLS, "k": 5})
    personas.make_contribution(campaign)
    for values in ({"publication": Publication.POINTS}, {"publication": Publication.CELLS, "k": 4}):
        with pytest.raises(Invalid) as refused:
            change(campaign, manager, "publication", values)
        assert set(refused.value.fields) <= {"publication", "k"}


def test_protection_stays_once_people_answered(campaign: Campaign, manager: User) -> None:
    change(campaign, manager, "publication", {"publication": Publication.CELLS, "k": 5})
    ask(campaign, "colour", "text")
    respond(campaign, Sheet({"colour": "red"}), "a" * 43)
    for values in ({"publication": Publication.POINTS}, {"publication": Publication.CELLS, "k": 4}):
        with pytest.raises(Invalid) as refused:
            change(campaign, manager, "publication", values)
        assert set(refused.value.fields) <= {"publication", "k"}


@pytest.mark.parametrize(
    ("phases", "name", "code"),
    [
        ([phase("A", 0, 5), phase("B", 4, 9)], "phases.1.opens_at", "phase_overlaps"),
        ([phase("B", 4, 9), phase("A", 0, 5)], "phases.0.opens_at", "phase_overlaps"),
        ([phase("A", 0, 9), phase("B", 1, 2)], "phases.1.opens_at", "phase_overlaps"),
        ([phase("A", 5, 4)], "phases.0.closes_at", "phase_inverted"),
        ([phase("A", 5, 5)], "phases.0.closes_at", "phase_inverted"),
        ([phase("A", 0, 11)], "phases.0.closes_at", "phase_outside"),
        ([phase("A", -1, 5)], "phases.0.opens_at", "phase_outside"),
        ([phase(str(one), one / 2, one / 2 + 0.5) for one in range(13)], "phases", "too_many_phases"),  # type: ignore[arg-type]
    ],
)
def test_wrong_phases_are_told_at_their_field(
    campaign: Campaign, manager: User, phases: list[PhaseValues], name: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_period(campaign, manager, opens_at=START, closes_at=START + 10 * DAY, phases=phases)
    assert [one.code for one in refused.value.fields[name]] == [code]
    assert not campaign.phases.exists()


def test_phases_may_touch(campaign: Campaign, manager: User) -> None:
    set_period(campaign, manager, opens_at=None, closes_at=None, phases=[phase("A", 0, 5), phase("B", 5, 9)])
    assert campaign.phases.count() == 2


def test_inverted_period_is_told(campaign: Campaign, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        set_period(campaign, manager, opens_at=START, closes_at=START, phases=[])
    assert [one.code for one in refused.value.fields["closes_at"]] == ["period_inverted"]


def test_city_is_where_its_campaigns_are_until_there_are_districts(campaign: Campaign) -> None:
    extent = city_extent()
    assert extent is not None
    assert campaign.area is not None
    assert extent == pytest.approx(campaign.area.extent)
