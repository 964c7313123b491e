"""How long data are kept: what people were promised becomes earlier, never later."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.models import Campaign, CampaignChange, RetentionSpan
from mapping.services.campaigns import NewCampaign, create_campaign
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.retained import spans
from mapping.services.retained.defaults import months_of
from mapping.services.setup.changes import change
from mapping.services.setup.new import from_campaign
from tests import personas


def until(campaign: Campaign, subject: str = "texts") -> date | None:
    found: date | None = RetentionSpan.objects.of(campaign).get(subject=subject).until
    return found


def last_day(campaign: Campaign) -> date:
    assert campaign.closes_at is not None
    return timezone.localdate(campaign.closes_at - timedelta(seconds=1))


def later(day: date, months: int) -> date:
    """As PostgreSQL adds months: the last day of a month where the day does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@pytest.fixture
def promised(campaign: Campaign, manager: User) -> Campaign:
    """Two years for texts; somebody took part."""
    spans.set_spans(campaign, manager, {"texts": 24})
    personas.make_participant(campaign)
    return campaign


@pytest.mark.django_db
def test_new_campaigns_start_with_the_spans_of_the_city(settings: Settings) -> None:
    settings.RETENTION_MONTHS = {"texts": 12, "people": 6}
    ended = create_campaign(
        NewCampaign(slug="ends", title="Ends", closes_at=timezone.now() + timedelta(days=9))
    )
    assert until(ended) == later(last_day(ended), 12)
    campaign = create_campaign(NewCampaign(slug="new", title="New"))
    expected = {"texts": 12, "photos": None, "staff_answers": None, "places": None, "people": 6}
    assert months_of(campaign) == expected
    assert until(campaign) is None, "there is no end yet"


def test_copies_have_the_spans_of_their_source(campaign: Campaign, manager: User) -> None:
    spans.set_spans(campaign, manager, {"photos": 3})
    manager.is_superuser = True
    manager.save()
    assert months_of(from_campaign("Again", campaign, manager))["photos"] == 3


def test_date_follows_the_end_while_nobody_took_part(campaign: Campaign, manager: User) -> None:
    spans.set_spans(campaign, manager, {"texts": 24})
    assert until(campaign) == later(last_day(campaign), 24)
    closes_at = campaign.closes_at
    assert closes_at is not None
    change(campaign, manager, "period", {"closes_at": closes_at + timedelta(days=100)})
    campaign.refresh_from_db()
    assert until(campaign) == later(last_day(campaign), 24)
    change(campaign, manager, "period", {"closes_at": None})
    assert until(campaign) is None


def test_date_stays_when_a_campaign_goes_on_longer_than_people_were_told(
    promised: Campaign, manager: User
) -> None:
    told, closes_at = until(promised), promised.closes_at
    assert closes_at is not None
    change(promised, manager, "period", {"closes_at": closes_at + timedelta(days=100)})
    assert until(promised) == told


def test_end_cannot_be_taken_away_once_people_were_told(promised: Campaign, manager: User) -> None:
    """No end is later than any date: what is sent after the date would be emptied each night."""
    told = until(promised)
    with pytest.raises(Invalid) as refused:
        change(promised, manager, "period", {"closes_at": None})
    assert set(refused.value.fields) == {"closes_at"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=promised.pk).update(closes_at=None)
    assert until(promised) == told


def test_campaign_must_end_before_the_date(promised: Campaign, manager: User) -> None:
    told = until(promised)
    assert promised.closes_at is not None
    assert told is not None
    late = promised.closes_at + timedelta(days=900)
    with pytest.raises(Invalid) as refused:
        change(promised, manager, "period", {"closes_at": late})
    assert set(refused.value.fields) == {"closes_at"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=promised.pk).update(closes_at=late)
    assert until(promised) == told


def test_promised_span_becomes_shorter_only(promised: Campaign, manager: User) -> None:
    for longer in (25, None):
        with pytest.raises(Invalid) as refused:
            spans.set_spans(promised, manager, {"texts": longer})
        assert refused.value.fields["texts"][0].code == "retention_promised"
    spans.set_spans(promised, manager, {"texts": 12})
    assert until(promised) == later(last_day(promised), 12)
    noted = CampaignChange.objects.filter(campaign=promised, step="retention").first()
    assert noted is not None
    assert (noted.before, noted.after) == ({"texts": 24}, {"texts": 12})


@pytest.mark.django_db
def test_new_date_lies_a_month_ahead() -> None:
    now = timezone.now()
    over = personas.make_campaign(opens_at=now - timedelta(days=800), closes_at=now - timedelta(days=700))
    personas.make_participant(over)
    spans.set_spans(over, personas.make_user("boss@example.org", over, Role.MANAGER), {"texts": 1})
    assert until(over) == timezone.localdate() + timedelta(days=30)


@pytest.mark.parametrize("values", [{"months": 25}, {"months": None}])
def test_database_refuses_a_later_date_whatever_way_it_takes(
    promised: Campaign, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="earlier date"), transaction.atomic():
        RetentionSpan.objects.of(promised).update(**values)


def test_database_computes_the_date_itself(promised: Campaign) -> None:
    told = until(promised)
    RetentionSpan.objects.of(promised).update(until=date(2099, 1, 1))
    assert until(promised) == told


def test_database_takes_an_earlier_date_alone(promised: Campaign) -> None:
    """As a restore knows it of the list of erasures. It stays when the date is computed anew."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    RetentionSpan.objects.of(promised).update(until=tomorrow)
    assert until(promised) == tomorrow
    RetentionSpan.objects.of(promised).update(months=12)
    assert until(promised) == tomorrow


@pytest.mark.django_db(transaction=True)
def test_span_that_is_made_anew_is_not_later_either(promised: Campaign, manager: User) -> None:
    told, closes_at = until(promised), promised.closes_at
    assert closes_at is not None
    change(promised, manager, "period", {"closes_at": closes_at + timedelta(days=100)})

    def make_anew(months: int) -> None:
        with transaction.atomic():
            RetentionSpan.objects.of(promised).filter(subject="texts").delete()
            RetentionSpan.objects.create(campaign=promised, subject="texts", months=months)

    with pytest.raises(IntegrityError, match="promise"):
        make_anew(24)
    assert until(promised) == told
    make_anew(12)
    assert until(promised) != told


@pytest.mark.django_db(transaction=True)
def test_promise_cannot_be_deleted_but_goes_with_the_campaign(promised: Campaign) -> None:
    with pytest.raises(IntegrityError, match="promise"):
        RetentionSpan.objects.of(promised).delete()
    assert RetentionSpan.objects.of(promised).exists()
    promised.participants.all().delete()
    promised.delete()
    assert not RetentionSpan.objects.exists()


def test_only_managers_set_dates(campaign: Campaign, analyst: User) -> None:
    with pytest.raises(NotAllowed):
        spans.set_spans(campaign, analyst, {"texts": 12})


def test_second_editor_is_told(campaign: Campaign, manager: User) -> None:
    read = spans.version_of(campaign)
    spans.set_spans(campaign, manager, {"texts": 12}, expected=read)
    with pytest.raises(Conflict):
        spans.set_spans(campaign, manager, {"texts": 6}, expected=read)


@pytest.mark.parametrize("months", [0, 241])
def test_months_are_from_1_to_240(campaign: Campaign, manager: User, months: int) -> None:
    with pytest.raises(Invalid):
        spans.set_spans(campaign, manager, {"texts": months})


def test_staff_read_of_dates_thirty_days_before(promised: Campaign) -> None:
    told = until(promised)
    assert told is not None
    assert spans.coming(promised, told - timedelta(days=31)) == []
    assert [one.until for one in spans.coming(promised, told - timedelta(days=30))] == [told]
