"""Whoever of the staff looks at a protected campaign, wherever they do: a line in the record names them and it.

A walk over every address of the site: an answer that holds a text, a place or an exact number of what the public may
not see has left its line.
"""

import logging
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from accounts.models import ApiToken, Membership, Role, User
from audit.actions import Action
from audit.models import Entry
from mapping.models import Campaign, Comment, Contribution, Photo, Source
from mapping.services import access_links
from tests import personas
from tests.gate.walking import CHANGING, QUERIES, TAG
from tests.gate.world import CROWD_NUMBERS, HIDDEN, HIDDEN_DIGITS, World
from tests.personas import staff_browser
from tests.walk import Places, addresses, routes, words_of


def empty_audit_log() -> None:
    """Past the guard: else an entry of this hour would stand for all that comes after it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("SET LOCAL session_replication_role = origin")


EXACT = (f"{HIDDEN} cells ", f"{HIDDEN} answer", f"{HIDDEN} comment", f"{HIDDEN} reply", f"{HIDDEN} original")
LOOKUP = {"app_label": "mapping", "model_name": "comment", "field_name": "contribution", "term": "HIDDEN"}


class Record(logging.Handler):
    """What the record says."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def names(self, user: User, campaign: Campaign) -> bool:
        """Whether a line names them, and forget all lines."""
        found = any(f"user={user.pk} campaign={campaign.slug} " in line for line in self.lines)
        self.lines.clear()
        is_in_audit_log = Entry.objects.filter(user=user, campaign=campaign).exists()
        assert is_in_audit_log == found, "the log and the audit log differ"
        empty_audit_log()
        return found


@pytest.fixture
def record() -> Iterator[Record]:
    """The record, empty."""
    logger, handler = logging.getLogger("geoparticipation.access"), Record()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.setLevel(before)
    logger.removeHandler(handler)


@pytest.fixture
def colleague(world: World) -> User:
    """Has every role in the protected campaign and every right to view in the administration; no superuser."""
    user = personas.make_user("colleague@example.org", is_staff=True)
    for role in Role:
        Membership.objects.create(user=user, campaign=world.campaigns[4], role=role)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


def is_exact(words: str, address: str) -> bool:
    """Whether an answer holds what only the staff may see of the protected campaign.

    Tokens drawn by chance may hold any digits.
    """
    words = TAG.sub("", CHANGING.sub("", words.replace(address, "")))
    return any(mark in words for mark in (*EXACT, f"{HIDDEN} crowd")) or bool(
        HIDDEN_DIGITS.search(words) or CROWD_NUMBERS.search(words)
    )


def visits_of(world: World, keys: Sequence[str]) -> Iterator[str]:
    """Every address about the protected campaign, with the queries that make sense for it."""
    campaign = world.campaigns[4]
    shown = [one for one in world.contributions if one.campaign == campaign]
    photos = list(Photo.objects.filter(contribution__in=shown))
    places = Places([campaign], shown, photos, ["x"], keys)
    for route in routes():
        for address in addresses(route, places):
            yield address
            yield from (f"{address}?{query}" for query in QUERIES.get(route, ()))
            if address.startswith("/api/v1/campaigns/"):
                yield f"{address}?status=pending"
    yield f"/planning/{campaign.slug}/paper/?batch={HIDDEN}+batch"
    for contribution in shown:
        yield f"/planning/{campaign.slug}/queue/{contribution.pk}/edit/"
        yield f"/planning/{campaign.slug}/queue/?item={contribution.pk}&status=rejected"
        for page in ("change", "history"):
            yield f"/admin/mapping/contribution/{contribution.pk}/{page}/"
    yield f"/admin/autocomplete/?{urlencode(LOOKUP)}"
    yield "/admin/mapping/contribution/?q=HIDDEN"


@pytest.mark.parametrize("who", ["session", "token", "superuser", "private link"])
def test_every_exact_answer_leaves_a_line(
    world: World, colleague: User, administrator: User, record: Record, who: str
) -> None:
    campaign = world.campaigns[4]
    user = administrator if who == "superuser" else colleague
    keys = ["x"]
    match who:
        case "token":
            browser = Client(headers={"Authorization": f"Bearer {ApiToken.issue(user)}"})
        case "private link":
            browser, keys = Client(), [access_links.make(campaign, "QGIS", actor=user)[1]]
        case _:
            browser = staff_browser(user)
    # Only the protected campaign's rows are left, so that whatever is exact is exact about it.
    others = [one.pk for one in world.campaigns if one != campaign]
    Contribution.objects.filter(campaign__in=others).delete()
    record.lines.clear()
    empty_audit_log()
    exact = 0
    missing: list[str] = []
    for address in visits_of(world, keys):
        if who == "superuser" and not address.startswith("/admin/"):
            continue  # as the colleague's session
        response = browser.get(address, headers={"Accept-Encoding": "identity"})
        assert response.status_code < 500, address
        is_recorded = record.names(user, campaign)
        if is_exact(words_of(response), address):
            exact += 1
            if not is_recorded:
                missing.append(address)
    assert missing == []
    assert exact > {"session": 100}.get(who, 5)


def test_administration_shows_rows_of_ones_own_campaigns_only(
    world: World, colleague: User, record: Record
) -> None:
    """A right to view everything, and a role elsewhere, opens no list and no row of the protected campaign."""
    colleague.memberships.update(campaign=world.campaigns[0])
    browser, campaign = staff_browser(colleague), world.campaigns[4]
    for address in visits_of(world, ["x"]):
        if address.startswith("/admin/"):
            words = words_of(browser.get(address))
            assert f"{HIDDEN} {campaign.slug} " not in words, address
            assert f"{HIDDEN} crowd" not in words, address
            assert not record.names(colleague, campaign), address


@pytest.mark.parametrize(
    ("model", "action"),
    [
        ("contribution", "withdraw"),
        ("contribution", "reject"),
        ("comment", "publish"),
        ("participant", "erase"),
    ],
)
def test_actions_on_protected_rows_are_recorded(
    world: World, colleague: User, record: Record, model: str, action: str
) -> None:
    """The page that asks once more lists them, and what is done is done by somebody."""
    campaign = world.campaigns[4]
    colleague.user_permissions.set(Permission.objects.all())
    waiting = Contribution.objects.filter(campaign=campaign, status="pending").exclude(source=Source.CITY)
    contribution = waiting.latest("pk")
    rows = {
        "contribution": contribution,
        "comment": Comment.objects.filter(contribution=contribution, status="pending").latest("pk"),
        "participant": contribution.participant,
    }
    row = rows[model]
    assert row is not None
    sent = {"action": action, ACTION_CHECKBOX_NAME: [str(row.pk)], "reason": "Because"}
    staff_browser(colleague).post(f"/admin/mapping/{model}/", sent)
    assert record.names(colleague, campaign)


def test_looking_at_what_is_public_leaves_no_line(world: World, record: Record) -> None:
    """The record would be worth little if it held everybody's every step."""
    campaign = world.campaigns[0]
    user = personas.make_user("elsewhere@example.org", campaign, Role.MANAGER)
    browser = staff_browser(user)
    for page in ("heatmap", "numbers", "who", "imports"):
        assert browser.get(f"/planning/{campaign.slug}/{page}/").status_code == 200
    assert record.lines == []
    assert not Entry.objects.filter(user=user).exclude(action=Action.LOGGED_IN).exists()
    # Answers for staff stand in the queue, whatever the campaign publishes.
    assert browser.get(f"/planning/{campaign.slug}/queue/").status_code == 200
    assert record.lines == [f"user={user.pk} campaign={campaign.slug} view=queue answers=staff"]
