"""The permission table of citizens: who may see a contribution, and what services let whom do when."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import (
    Action,
    Campaign,
    Comment,
    CommentStatus,
    CommentSupport,
    Contribution,
    ContributionStatus,
    Phase,
)
from mapping.services import feedback
from mapping.services.errors import DomainError
from mapping.services.moderation import flags, moderate
from mapping.services.moderation.undo import undo
from mapping.services.paper.batches import open_batch
from mapping.services.paper.sheets import PaperPlace, enter_place
from mapping.services.submit import Submission, add_photo, revise, submit, submit_city
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.personas import Citizen, line, point, user_called
from tests.services.photos.test_attachments import colourful
from tests.surveys.world import ask

NOW = timezone.now()
DAY = timedelta(days=1)

# --- who sees one contribution ------------------------------------------------------------------------------------

VIEWERS = ("stranger", "author", "outsider", "analyst", "moderator", "manager", "administrator")
SIGHT_TABLE: dict[str, str] = {
    # status, campaign     stranger author outsider analyst moderator manager administrator
    "published points":   "yes      yes    yes      yes     yes       yes     yes",
    "pending points":     "no       yes    no       yes     yes       yes     yes",
    "rejected points":    "no       yes    no       yes     yes       yes     yes",
    "published cells":    "no       yes    no       yes     yes       yes     yes",
    "pending cells":      "no       yes    no       yes     yes       yes     yes",
    "published draft":    "no       yes    no       yes     yes       yes     yes",
}  # fmt: skip
SIGHT_ROWS = [
    (what, who, expected == "yes")
    for what, row in SIGHT_TABLE.items()
    for who, expected in zip(VIEWERS, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "who", "expected"), SIGHT_ROWS)
def test_seeing_one_contribution(citizen: Citizen, db: None, what: str, who: str, expected: bool) -> None:
    status, kind = what.split()
    campaign = personas.make_campaign(
        publication="cells" if kind == "cells" else "points", is_draft=kind == "draft"
    )
    stored = personas.make_contribution(campaign, by=citizen)
    Contribution.objects.filter(pk=stored.pk).update(status=status)
    stored.refresh_from_db()
    participant = citizen.participant(campaign) if who == "author" else personas.make_participant(campaign)
    user = AnonymousUser() if who in {"stranger", "author"} else user_called(who, campaign)
    assert rules.may_see_contribution(user, participant, stored) is expected
    if who == "stranger":
        in_gate = Contribution.objects.filter(pk__in=published_ids()).exists()
        assert in_gate is expected is rules.is_public(stored)


@pytest.mark.parametrize("status", CommentStatus)
@pytest.mark.parametrize("publication", ["points", "cells"])
def test_authors_find_a_comment_that_waits_or_is_public(
    citizen: Citizen, db: None, status: CommentStatus, publication: str
) -> None:
    stored = personas.make_contribution(personas.make_campaign(publication=publication))
    comment = personas.make_comment(stored, by=citizen, status=status)
    is_on_public_page = publication == "points"
    assert rules.may_see_own_comment(comment) is (status != CommentStatus.REJECTED and is_on_public_page)
    if is_on_public_page:
        own = Comment.objects.shown_to(comment.participant)
        assert own.contains(comment) is rules.may_see_own_comment(comment)
        for other in (None, personas.make_participant(stored.campaign)):
            assert Comment.objects.shown_to(other).contains(comment) is (status == CommentStatus.PUBLISHED)


def published_ids() -> list[UUID]:
    from mapping.models.contribution import ContributionQuerySet

    return [stored.pk for stored in ContributionQuerySet(Contribution).published()]


# --- what citizens may do -----------------------------------------------------------------------------------------

WHENS = ("draft", "upcoming", "first moment", "open", "last moment", "closed", "always open")
CITIZEN_TABLE: dict[str, str] = {
    # what                              draft upcoming first open last-moment closed always
    "may_contribute":                  "no    no       yes   yes  no          no     yes",
    "may_answer":                      "no    no       yes   yes  no          no     yes",
    "may_change_own published":        "no    no       yes   yes  no          no     yes",
    "may_change_own pending":          "no    no       yes   yes  no          no     yes",
    "may_change_own rejected":         "no    no       yes   yes  no          no     yes",
    "may_comment published":           "no    no       yes   yes  no          no     yes",
    "may_comment pending":             "no    no       no    no   no          no     no",
    "may_comment rejected":            "no    no       no    no   no          no     no",
    "may_comment published cells":     "no    no       no    no   no          no     no",
    "may_comment published off":       "no    no       no    no   no          no     no",
    "may_support published":           "no    no       yes   yes  no          no     yes",
    "may_support pending":             "no    no       no    no   no          no     no",
    "may_support published cells":     "no    no       no    no   no          no     no",
    "may_support published off":       "no    no       no    no   no          no     no",
}  # fmt: skip
CITIZEN_ROWS = [
    (what, when, expected == "yes")
    for what, row in CITIZEN_TABLE.items()
    for when, expected in zip(WHENS, row.split(), strict=True)
]
PERIODS = {
    "draft": (NOW - DAY, NOW + DAY),
    "upcoming": (NOW + DAY, NOW + 2 * DAY),
    "first moment": (NOW, NOW + DAY),
    "open": (NOW - DAY, NOW + DAY),
    "last moment": (NOW - DAY, NOW),
    "closed": (NOW - 2 * DAY, NOW - DAY),
    "always open": (None, None),
}


def campaign_at(when: str, *words: str) -> Campaign:
    """An unsaved campaign in a period, `cells` or with reactions `off`."""
    opens_at, closes_at = PERIODS[when]
    is_on = "off" not in words
    return Campaign(
        is_draft=when == "draft",
        opens_at=opens_at,
        closes_at=closes_at,
        publication="cells" if "cells" in words else "points",
        allows_comments=is_on,
        allows_support=is_on,
        allows_opposition=is_on,
    )


@pytest.mark.parametrize(("what", "when", "expected"), CITIZEN_ROWS)
def test_citizens(what: str, when: str, expected: bool) -> None:
    name, *words = what.split()
    campaign = campaign_at(when, *words)
    if name in {"may_contribute", "may_answer"}:
        assert getattr(rules, name)(campaign, NOW) is expected
        return
    contribution = Contribution(campaign=campaign, status=ContributionStatus(words[0]))
    may = cast("Callable[..., bool]", getattr(rules, name))
    assert may(contribution, NOW) is expected
    if name == "may_support":
        assert rules.may_support(contribution, NOW, -1) is expected


PHASE_TABLE: dict[str, str] = {
    # what            none  contribute comment support answer all
    "may_contribute": "no   yes        no      no      no     yes",
    "may_change_own": "no   yes        no      no      no     yes",
    "may_comment":    "no   no         yes     no      no     yes",
    "may_support":    "no   no         no      yes     no     yes",
    "may_answer":     "no   no         no      no      yes    yes",
}  # fmt: skip
PHASES = ("none", Action.CONTRIBUTE, Action.COMMENT, Action.SUPPORT, Action.ANSWER, "all")
PHASE_ROWS = [
    (what, allowed, expected == "yes")
    for what, row in PHASE_TABLE.items()
    for allowed, expected in zip(PHASES, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "allowed", "expected"), PHASE_ROWS)
def test_phase_allows_what_it_names_and_nothing_else(what: str, allowed: str, expected: bool) -> None:
    campaign = campaign_at("open")
    actions = {"none": [], "all": list(Action)}.get(allowed, [allowed])
    campaign.timeline = [Phase(opens_at=NOW, closes_at=NOW + DAY, allows=actions)]
    contribution = Contribution(campaign=campaign, status=ContributionStatus.PUBLISHED)
    of_campaign = what in {"may_contribute", "may_answer"}
    assert getattr(rules, what)(campaign if of_campaign else contribution, NOW) is expected
    assert not getattr(rules, what)(campaign if of_campaign else contribution, NOW - timedelta(seconds=1))


@pytest.mark.parametrize(("support", "opposition"), [(True, False), (False, True)])
def test_support_and_opposition_are_wanted_apart(support: bool, opposition: bool) -> None:
    campaign = campaign_at("open")
    campaign.allows_support, campaign.allows_opposition = support, opposition
    contribution = Contribution(campaign=campaign, status=ContributionStatus.PUBLISHED)
    assert rules.may_support(contribution, NOW, 1) is support
    assert rules.may_support(contribution, NOW, -1) is opposition


# --- the services obey ----------------------------------------------------------------------------------------------


def answer(campaign: Campaign, person: Citizen) -> object:
    """Answer a survey of one question."""
    ask(campaign, "wish", "text")
    return respond(campaign, Sheet({"wish": "trees"}), person.secret)


ACTIONS: dict[str, Callable[[Contribution, Citizen, User], object]] = {
    "submit": lambda stored, person, _: submit(stored.campaign, Submission("spot", point()), person.secret),
    "answer": lambda stored, person, _: answer(stored.campaign, person),
    "revise": lambda stored, _person, _: revise(stored, Submission("spot", point(), "New")),
    "add a photo": lambda stored, _person, _: add_photo(stored, colourful(0)),
    "comment": lambda stored, person, _: feedback.comment(stored, "Text", person.secret),
    "support": lambda stored, person, _: feedback.set_support(stored, 1, person.secret),
    "answer a comment": lambda stored, person, _: feedback.comment(
        stored, "Text", person.secret, parent=stored.comments.get().public_id
    ),
    "support a comment": lambda stored, person, _: feedback.support_comment(
        stored.comments.get(), person.secret
    ),
    "report": lambda stored, _person, _: flags.flag(stored, "insulting"),
    "leave what is reported": lambda stored, _, user: flags.keep(stored, user),
    "oppose": lambda stored, person, _: feedback.set_support(stored, -1, person.secret),
    "publish": lambda stored, _, user: moderate.publish(stored, user),
    "reject": lambda stored, _, user: moderate.reject(stored, user, "Because"),
    "edit": lambda stored, _, user: moderate.edit(stored, user, text="New"),
    "bulk": lambda stored, _, user: moderate.bulk([stored.pk], stored.campaign, "publish", user),
    "reply": lambda stored, _, user: feedback.reply(stored, user, "done", "Text"),
    "undo": lambda stored, _, user: undo([], stored.campaign, user),
    "put up a place": lambda stored, _, user: submit_city(
        stored.campaign, Submission("plan", line()), actor=user
    ),
    "enter a sheet": lambda stored, _, user: enter_place(
        open_batch(stored.campaign, "7", actor=user), PaperPlace(Submission("spot", point()), 1), actor=user
    ),
}
OBEYED: list[tuple[str, str, str, bool]] = [
    # what            who (staff)   campaign    expected
    ("submit",         "outsider",  "open",     True),
    ("submit",         "outsider",  "closed",   False),
    ("submit",         "outsider",  "upcoming", False),
    ("submit",         "manager",   "draft",    False),
    ("answer",         "outsider",  "open",     True),
    ("answer",         "outsider",  "cells",    True),
    ("answer",         "outsider",  "closed",   False),
    ("answer",         "outsider",  "upcoming", False),
    ("answer",         "manager",   "draft",    False),
    ("revise",         "outsider",  "open",     True),
    ("revise",         "outsider",  "closed",   False),
    ("add a photo",    "outsider",  "open",     True),
    ("add a photo",    "outsider",  "closed",   False),
    ("comment",        "outsider",  "open",     True),
    ("comment",        "outsider",  "closed",   False),
    ("comment",        "outsider",  "cells",    False),
    ("answer a comment",  "outsider", "open",   True),
    ("answer a comment",  "outsider", "closed", False),
    ("answer a comment",  "outsider", "cells",  False),
    ("support a comment", "outsider", "open",   True),
    ("support a comment", "outsider", "closed", False),
    ("support a comment", "outsider", "cells",  False),
    # Anybody reports whatever is public, at any time.
    ("report",         "outsider",  "open",     True),
    ("report",         "outsider",  "closed",   True),
    ("report",         "outsider",  "cells",    False),
    ("report",         "manager",   "draft",    False),
    ("leave what is reported", "outsider",  "open",   False),
    ("leave what is reported", "analyst",   "open",   False),
    ("leave what is reported", "moderator", "closed", True),
    ("leave what is reported", "manager",   "open",   True),
    ("support",        "outsider",  "open",     True),
    ("support",        "outsider",  "closed",   False),
    ("support",        "outsider",  "cells",    False),
    ("oppose",         "outsider",  "open",     True),
    ("oppose",         "outsider",  "cells",    False),
    ("publish",        "outsider",  "open",     False),
    ("publish",        "analyst",   "open",     False),
    ("reject",         "outsider",  "open",     False),
    ("reject",         "analyst",   "open",     False),
    ("reject",         "moderator", "open",     True),
    ("reject",         "moderator", "closed",   True),
    ("reject",         "moderator", "cells",    True),
    ("reject",         "manager",   "open",     True),
    ("edit",           "outsider",  "open",     False),
    ("edit",           "analyst",   "open",     False),
    ("edit",           "moderator", "closed",   True),
    ("bulk",           "analyst",   "open",     False),
    ("bulk",           "moderator", "open",     True),
    ("undo",           "outsider",  "open",     False),
    ("undo",           "analyst",   "open",     False),
    ("undo",           "moderator", "closed",   True),
    ("reply",          "outsider",  "open",     False),
    ("reply",          "analyst",   "open",     False),
    ("reply",          "moderator", "closed",   True),
    ("put up a place", "analyst",   "open",     False),
    ("put up a place", "outsider",  "open",     False),
    ("put up a place", "moderator", "draft",    True),
    ("put up a place", "administrator", "open", True),
    ("enter a sheet",  "outsider",  "open",     False),
    ("enter a sheet",  "analyst",   "open",     False),
    ("enter a sheet",  "moderator", "draft",    False),
    ("enter a sheet",  "moderator", "closed",   True),
    ("enter a sheet",  "moderator", "cells",    True),
    ("enter a sheet",  "manager",   "open",     True),
]  # fmt: skip


@pytest.mark.parametrize(("what", "who", "when", "expected"), OBEYED)
@pytest.mark.django_db
def test_services_obey(another_citizen: Citizen, what: str, who: str, when: str, expected: bool) -> None:
    opens_at, closes_at = PERIODS.get(when, PERIODS["open"])
    campaign = personas.make_campaign(
        opens_at=opens_at,
        closes_at=closes_at,
        is_draft=when == "draft",
        publication="cells" if when == "cells" else "points",
    )
    stored = personas.make_contribution(campaign)
    if what in {"answer a comment", "support a comment"}:
        personas.make_comment(stored)
    user = user_called(who, campaign)
    assert isinstance(user, User)
    before = snapshot(stored)
    if expected:
        ACTIONS[what](stored, another_citizen, user)
    else:
        with pytest.raises(DomainError):
            ACTIONS[what](stored, another_citizen, user)
        assert snapshot(stored) == before


def snapshot(stored: Contribution) -> list[object]:
    """What a refused action must leave as it was."""
    fresh = Contribution.objects.get(pk=stored.pk)
    hangs_on = (
        fresh.photos,
        fresh.comments,
        fresh.supports,
        fresh.replies,
        fresh.moderation_events,
        fresh.flags,
    )
    return [
        *(
            getattr(fresh, field.attname)
            for field in Contribution._meta.concrete_fields
            if field.name != "geom_laea"
        ),
        *(manager.count() for manager in hangs_on),
        Contribution.objects.count(),
        CommentSupport.objects.count(),
    ]
