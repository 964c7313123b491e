"""Permission predicates of dates and papers, of role, moment and object; those of campaigns are in `mapping.rules`."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.models import User
from engagement.models import Document, Event, EventDate, EventStatus, Plan, Update
from mapping.models import Campaign
from mapping.rules import manages_a_campaign, may_manage, may_see_campaign, type_of_user


def may_edit_records(user: type_of_user) -> bool:
    """Superusers, and those to whom a superuser gave this: all events, bodies, documents and plans of the city."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.may_edit_dates_and_papers


def may_edit_of_campaign(user: type_of_user, campaign: Campaign) -> bool:
    """Managers make and change the events, documents and updates of their campaign."""
    return may_edit_records(user) or may_manage(user, campaign)


def edits_an_event(user: type_of_user) -> bool:
    """Whether there is anything in the calendar that somebody may edit, or make: for the way to its pages."""
    return may_edit_records(user) or manages_a_campaign(user)


def may_edit_event(user: type_of_user, event: Event) -> bool:
    """Those who may edit everything, and managers if all campaigns of the event are theirs."""
    if may_edit_records(user):
        return True
    campaigns = list(event.campaigns.all())
    return bool(campaigns) and all(may_manage(user, campaign) for campaign in campaigns)


def may_see_event(user: type_of_user, event: Event) -> bool:
    """Everyone sees an event unless it is a draft; drafts are for those who may edit them."""
    return not event.is_draft or may_edit_event(user, event)


def may_register(event_date: EventDate, at: datetime) -> bool:
    """People register for a public date that takes place, until as many hours before its start as the event says."""
    event = event_date.event
    if event.is_draft or not event.takes_registrations or event_date.status == EventStatus.CANCELLED:
        return False
    return at < event_date.starts_at - timedelta(hours=event.registration_closes_hours)


def may_edit_document(user: type_of_user, document: Document) -> bool:
    """Those who may edit everything, and managers of its campaign if it belongs to nothing else of the city."""
    if may_edit_records(user):
        return True
    is_of_the_city = document.body_id or document.session_id or document.plan_id or document.agenda_item_id
    if is_of_the_city or document.campaign is None:
        return False
    return may_manage(user, document.campaign)


def may_edit_update(user: type_of_user, update: Update) -> bool:
    """News of a campaign are written by those who may edit what belongs to it."""
    return may_edit_of_campaign(user, update.campaign)


def may_see_update(user: type_of_user, update: Update, at: datetime) -> bool:
    """Everyone reads published news of public campaigns; others are for those who may edit them."""
    is_out = not update.is_draft and update.published_at <= at and may_see_campaign(user, update.campaign)
    return is_out or may_edit_update(user, update)


def may_see_plan(user: type_of_user, plan: Plan) -> bool:
    """Everyone sees a plan unless it is a draft."""
    return not plan.is_draft or may_edit_records(user)


def may_propose(plan: Plan, day: date) -> bool:
    """Citizens propose participation for a public plan until the day that it names, this day included."""
    return not plan.is_draft and plan.takes_proposals_until is not None and day <= plan.takes_proposals_until
