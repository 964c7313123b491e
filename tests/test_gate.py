"""A walk over every address of the site, by everybody who is not concerned: what is not public never appears.

Twice: once looking for marks (texts, answers, photos, comments, replies, positions, numbers), once comparing all
answers with those of a site on which the hidden things never existed, which finds what no mark can: counts, cells,
lengths, headers, the shapes on small maps.
"""

import io
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import unified_diff
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from geoparticipation.basemaps import Basemap
from mapping import rules
from mapping.aggregation import footprint
from mapping.exports.counts import matching, tallied
from mapping.exports.selection import Selection
from mapping.models import (
    Campaign,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    ExportJob,
    ExportStatus,
    Footprint,
    Participant,
    Photo,
    Publication,
    ReleaseEntry,
    ReleaseRegion,
    Reply,
    ReplyStatus,
    Tally,
)
from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import CommentQuerySet, ReplyQuerySet
from mapping.services import access_links
from mapping.services.erase import withdraw
from mapping.services.export_jobs import file_of
from mapping.services.identity import edit_token
from mapping.services.releases import make_release
from tests import personas
from tests.personas import Citizen
from tests.walk import Places, addresses, routes, words_of

HIDDEN, SHOWN = "HIDDEN", "SHOWN"
HIDDEN_PLACE, SHOWN_PLACE = (7.7613579, 49.4424681), (7.7724680, 49.4413579)
HIDDEN_DIGITS, SHOWN_DIGITS = re.compile(r"7[.,]76135|49[.,]44246"), re.compile(r"7\.77246")
CROWD, PEOPLE = 613, 577
"""Contributions and participants of the open campaign that publishes cells: numbers that nothing else has."""
CROWD_NUMBERS = re.compile(rf"(?<![0-9a-f.-])({CROWD}|{PEOPLE})(?![0-9a-f.-])")
API_QUERIES = ("limit=1000", "bbox=7,49,8,50", "category=survey", "f=compact&size=100", "status=pending")
ITEMS_QUERIES = (
    "f=html",
    "limit=1",
    "size=100",
    "grid=hexagon",
    "bbox=7,49,8,50",
    "sortby=-text",
    "status=pending",
)
STATISTICS_QUERIES = ("category=survey", "size=100", "status=pending")
PAGE_QUERIES = ("category=survey", f"q={HIDDEN[:3]}")
CHANGING = re.compile(r"""csrfmiddlewaretoken" value="[^"]*"|"timeStamp": ?"[^"]*"|'Expires': '[^']*'""")
QUERIES: Mapping[str, Sequence[str]] = {
    "": PAGE_QUERIES,
    "campaigns/<slug:slug>/": PAGE_QUERIES,
    "campaigns/<slug:slug>/heatmap/": ("size=500", "category=survey", "rows=all", "status=pending"),
    "api/v1/campaigns/<slug:slug>/contributions/": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/download.<str:ending>": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap/change": (
        "before=2020-01-01/2020-12-31&after=2021-01-01/2199-12-31&size=100",
    ),
    "api/v1/campaigns/<slug:slug>/hotspots": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/clusters": ("min=2", "eps=5000&min=2", "category=survey", "status=pending"),
    "api/v1/campaigns/<slug:slug>/statistics": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/rates": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/surface": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/surface.png": STATISTICS_QUERIES,
    "open311/v2/requests.<slug:form>": (
        "status=open",
        "status=closed",
        "service_code=points-pre.survey",
        "page=2",
    ),
    "ogc/collections": ("f=html",),
    "ogc/collections/<slug:collection_id>": ("f=html",),
    "ogc/collections/<slug:collection_id>/items": ITEMS_QUERIES,
    "ogc/collections/<slug:collection_id>/items/<str:feature_id>": ("f=html",),
}


@dataclass
class World:
    """Campaigns of every kind, in each a contribution of every status with everything that can hang on one."""

    campaigns: list[Campaign] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)

    def places(self, *tokens: str) -> Places:
        return Places(self.campaigns, self.contributions, list(Photo.objects.order_by("pk")), tokens)

    def one(self, slug: str, status: ContributionStatus = ContributionStatus.PUBLISHED) -> Contribution:
        return next(one for one in self.contributions if (one.campaign.slug, one.status) == (slug, status))


def jpeg(mark: str) -> ContentFile:
    """A picture that carries a mark."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "JPEG")
    return ContentFile(file.getvalue() + mark.encode(), name=f"{mark}-{uuid.uuid4()}.jpg")


def hang_everything_on(contribution: Contribution, mark: str) -> None:
    """A photo, a reply, comments of each status, opinions, and what a moderator replaced."""
    contribution.photos.create(file=jpeg(mark), width=8, height=8, digest=contribution.pk.bytes)
    Reply.objects.create(contribution=contribution, status=ReplyStatus.PLANNED, text=f"{mark} reply")
    for status in CommentStatus:
        visible = mark if status == CommentStatus.PUBLISHED else HIDDEN
        personas.make_comment(contribution, f"{visible} comment", status=status)
    personas.make_support(contribution)
    contribution.moderation_events.create(
        to_status=contribution.status, reason=f"{HIDDEN} reason", original={"text": f"{HIDDEN} original"}
    )


def fill(campaign: Campaign) -> Iterator[Contribution]:
    """A contribution of each status."""
    for status in ContributionStatus:
        is_shown = rules.may_see_public_contributions(campaign) and status == ContributionStatus.PUBLISHED
        mark, place = (SHOWN, SHOWN_PLACE) if is_shown else (HIDDEN, HIDDEN_PLACE)
        contribution = personas.make_contribution(
            campaign,
            place,
            category="survey",
            text=f"{mark} {campaign.slug} {status}",
            answers={"text": f"{mark} answer", "yes-no": True},
            status=ContributionStatus.PENDING if status == ContributionStatus.WITHDRAWN else status,
        )
        hang_everything_on(contribution, mark)
        if status == ContributionStatus.WITHDRAWN:
            withdraw(contribution)
        contribution.refresh_from_db()
        yield contribution


def crowd(campaign: Campaign) -> None:
    """Many contributions of not quite as many people."""
    people = Participant.objects.bulk_create(
        Participant(campaign=campaign, key=uuid.uuid4().bytes * 2) for _ in range(PEOPLE - 1)
    )
    Contribution.objects.bulk_create(
        Contribution(
            campaign=campaign,
            category=personas.category_of(campaign, "spot"),
            participant=people[index % len(people)],
            geom=personas.wkt(HIDDEN_PLACE),
            text=f"{HIDDEN} crowd",
            status=ContributionStatus.PUBLISHED,
        )
        for index in range(CROWD - 1)
    )
    footprint.write_many(campaign)


def finish_exports(campaign: Campaign) -> None:
    """A file that the public asked for while everything was public, and one that an analyst asked for."""
    analyst = personas.make_user(f"analyst-{campaign.slug}@example.org", campaign, Role.ANALYST)
    now = timezone.now()
    for user in (None, analyst):
        is_shown = user is None and rules.may_see_public_contributions(campaign)
        job = ExportJob.objects.create(
            campaign=campaign,
            ending="fgb",
            asked_by=user,
            language="de",
            status=ExportStatus.DONE,
            started_at=now,
            expires_at=now + timedelta(days=1),
        )
        file_of(job).write_text(f"{SHOWN if is_shown else HIDDEN} export")


@pytest.fixture
def world(db: None, settings: Settings, tmp_path: Path) -> World:
    settings.BASEMAPS = {"colour": Basemap(template="", attribution="", maximum_zoom=20)}
    period: dict[str, Any] = {
        "opens_at": timezone.now() - timedelta(days=9),
        "closes_at": timezone.now() - timedelta(days=2),
    }
    secret: dict[str, Any] = {"is_draft": True, "title": f"{HIDDEN} title", "summary": f"{HIDDEN} summary"}
    made = World(
        [
            personas.make_campaign("points-pre"),
            personas.make_open_at_once("points-post"),
            personas.make_upcoming("points-upcoming"),
            personas.make_closed("points-closed", outcome="What became of it"),
            personas.make_campaign("cells", publication=Publication.CELLS),
            personas.make_campaign("cells-closed", publication=Publication.CELLS, **period),
            personas.make_campaign("draft", **secret),
        ]
    )
    made.contributions = [one for campaign in made.campaigns for one in fill(campaign)]
    crowd(made.campaigns[4])
    settings.VAR_DIR = tmp_path
    for campaign in made.campaigns:
        finish_exports(campaign)
    return made


@pytest.fixture
def visitors(world: World, another_citizen: Citizen) -> dict[str, Client]:
    """Nobody, and somebody who has all that may open doors elsewhere: cookie, role, a place in the administration."""
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    somebody = personas.make_user("somebody@example.org", elsewhere, Role.MANAGER, is_staff=True)
    personas.make_contribution(world.campaigns[0], by=another_citizen, text="A neighbour's")
    browser = another_citizen.browser()
    browser.force_login(somebody)
    return {"anonymous": Client(), "somebody from elsewhere": browser}


def visits(world: World) -> Iterator[tuple[str, str]]:
    """Every address with the queries that make sense for it, and the coding to ask for."""
    gone = [one for one in world.contributions if one.status == ContributionStatus.WITHDRAWN]
    no_links = ("x", str(world.contributions[0].pk), *(edit_token(one.pk) for one in gone[:1]))
    for route in routes():
        for address in addresses(route, world.places(*no_links)):
            yield address, "identity"
            for query in QUERIES.get(route, ()):
                yield f"{address}?{query}", "identity"
            if QUERIES.get(route) == API_QUERIES:
                yield from ((address, coding) for coding in ("gzip", "br", "zstd"))


def met(browser: Client, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """Status and words of every answer, but for what differs from one request to the next."""
    cache.clear()
    found = {}
    for address, coding in asked:
        response = browser.get(address, headers={"Accept-Encoding": coding})
        words = CHANGING.sub("", words_of(response))
        assert response.status_code < 500, address
        found[address, coding] = (response.status_code, words)
    return found


def unhide(world: World) -> None:
    """Take away everything hidden, as if it had never been."""
    Comment.objects.exclude(pk__in=Comment.objects.published()).delete()
    Contribution.objects.exclude(pk__in=Contribution.objects.published()).delete()
    for model in (Footprint, Tally):
        model._default_manager.all().delete()
    Campaign.objects.filter(is_draft=True).delete()
    for campaign in Campaign.objects.all():
        footprint.write_many(campaign)


def test_every_route_is_reached(world: World, administrator: User) -> None:
    """The walk would prove nothing where it meets only "not found"."""
    browser = personas.staff_browser(administrator)
    _link, secret = access_links.make(world.campaigns[0], "QGIS", actor=administrator)
    places = replace(world.places(*(edit_token(one.pk) for one in world.contributions[:2])), keys=(secret,))
    for route in routes():
        if route.endswith((".*$", "(?P<url>.*)$", "(?P<rest>.*)$")) or route.startswith("admin/r/"):
            continue
        # One answer is proof enough. Of some things there is no row here that the administration could show.
        known = addresses(route, places)
        assert route.startswith("admin/") or known
        assert any(browser.head(address).status_code != 404 for address in known) or not known, route


def test_nobody_meets_anything_hidden(world: World, visitors: dict[str, Client]) -> None:
    assert all(rules.is_public(one) == (SHOWN in one.text) for one in world.contributions)
    asked = list(visits(world))
    assert len(asked) > 500
    answers = {who: met(browser, asked) for who, browser in visitors.items()}
    for who, found in answers.items():
        for (address, coding), (_status, words) in found.items():
            # The page may repeat the address that was asked for.
            others = words.replace(address, "").replace(f"q={HIDDEN[:3]}", "")
            for mark in (re.compile(HIDDEN), HIDDEN_DIGITS, CROWD_NUMBERS):
                seen = mark.search(others)
                assert not seen, (who, address, coding, others[max(0, seen.start() - 200) : seen.end() + 60])
        everything = "".join(words for _status, words in found.values())
        for shown in (f"{SHOWN} points-{kind} published" for kind in ("pre", "post", "upcoming", "closed")):
            assert shown in everything
        for shown in ("answer", "comment", "reply"):
            assert f"{SHOWN} {shown}" in everything
        assert SHOWN_DIGITS.search(everything)
        assert f"\udcd9{SHOWN}" in everything  # behind the end of a JPEG (FF D9): a photo

    # What is left to tell is the same as on a site on which nothing hidden ever was; of a draft, "not found".
    # Not in the administration, which has its own page for each row that is not there.
    asked = [visit for visit in asked if not visit[0].startswith("/admin/")]
    unhide(world)
    for who, browser in visitors.items():
        for visit, answer in met(browser, asked).items():
            before, after = (words.splitlines() for _status, words in (answers[who][visit], answer))
            assert answers[who][visit] == answer, (who, visit, list(unified_diff(before, after, lineterm="")))


def test_protected_campaigns_tell_their_release_and_nothing_else(
    world: World, visitors: dict[str, Client]
) -> None:
    """Once a release is there, all that it was made from can go: no public address would notice."""
    campaign = world.campaigns[4]
    assert make_release(campaign) is not None
    world = World([campaign], [one for one in world.contributions if one.campaign == campaign])
    asked = [
        visit for visit in visits(world) if "/cells/" in visit[0] or visit[0] in {"/", "/api/v1/campaigns/"}
    ]
    answers = {who: met(browser, asked) for who, browser in visitors.items()}
    for found in answers.values():
        for (address, _coding), (_status, words) in found.items():
            assert HIDDEN not in words, address
            assert not HIDDEN_DIGITS.search(words), address
        assert any('"participants_at_least":' in words for _status, words in found.values())
    Contribution.objects.filter(campaign=campaign).delete()
    for model in (Footprint, Tally, ReleaseEntry, ReleaseRegion):
        model._default_manager.filter(campaign_id=campaign.pk).delete()
    for who, browser in visitors.items():
        assert met(browser, asked) == answers[who]


def test_sending_nonsense_reveals_nothing_and_changes_nothing(
    world: World, visitors: dict[str, Client]
) -> None:
    def stored() -> list[list[dict[str, Any]]]:
        columns = ("pk", "status", "text")
        return [
            list(model._default_manager.order_by("pk").values(*columns)) for model in (Contribution, Comment)
        ]

    before, browser = stored(), visitors["somebody from elsewhere"]
    for address in dict.fromkeys(address.split("?")[0] for address, _coding in visits(world)):
        is_api = address.startswith("/api/")
        if address.endswith("/logout/") or (is_api and address.endswith("/support/")):
            continue  # these mean what they say without any body
        for method in ("post", "put", "delete") if is_api else ("post",):
            response = getattr(browser, method)(
                address,
                "{}" if is_api else "action=publish&selected=1&status=done&value=2",
                content_type="application/json" if is_api else "application/x-www-form-urlencoded",
            )
            assert response.status_code < 500, address
            assert HIDDEN not in words_of(response), (method, address)
    assert stored() == before


GATES: dict[str, Callable[[Contribution], bool]] = {
    "QuerySet": lambda one: Contribution.objects.published().filter(pk=one.pk).exists(),
    "rule": rules.is_public,
    "rule for nobody in particular": lambda one: rules.may_see_contribution(AnonymousUser(), None, one),
    "selection of exports": lambda one: Selection(one.campaign).contributions().filter(pk=one.pk).exists(),
    "number of exports": lambda one: matching(Selection(one.campaign)) == 1,
    "filtered number": lambda one: matching(Selection(one.campaign, categories=("spot",))) == 1,
    "comments": lambda one: Comment.objects.published().filter(contribution=one).exists(),
    "page": lambda one: Client().get(f"/campaigns/x/contributions/{one.pk}/").status_code == 200,
    "page's list": lambda one: one.text in Client().get("/campaigns/x/").content.decode(),
    "replies on the home page": lambda one: f"{SHOWN} reply" in Client().get("/").content.decode(),
    "photo": lambda one: Client().get(f"/photos/{one.photos.get().pk}.jpg").status_code == 200,
    "feature": lambda one: Client().get(f"/api/v1/campaigns/x/contributions/{one.pk}/").status_code == 200,
    "list": lambda one: one.text in words_of(Client().get("/api/v1/campaigns/x/contributions/")),
    "download": lambda one: one.text in words_of(Client().get("/api/v1/campaigns/x/download.geojson")),
    "DIPAS": lambda one: one.text in words_of(Client().get("/dipas-pds/projects/x/contributions")),
    "Open311": lambda one: one.text in words_of(Client().get("/open311/v2/requests.json")),
    "heat map": lambda one: "CRS3035RES" in words_of(Client().get("/api/v1/campaigns/x/heatmap")),
    "heat map's page": lambda one: "CRS3035RES" in Client().get("/campaigns/x/heatmap/").content.decode(),
    "campaign's number": lambda one: '"contributions":1,' in words_of(Client().get("/api/v1/campaigns/x/")),
}


@pytest.mark.parametrize(("publication", "draft"), list(product(Publication, (False, True))))
@pytest.mark.parametrize("status", [one for one in ContributionStatus if one != ContributionStatus.WITHDRAWN])
def test_all_gates_open_and_close_together(
    db: None, status: ContributionStatus, publication: Publication, draft: bool
) -> None:
    campaign = personas.make_campaign("x", publication=publication, is_draft=draft)
    contribution = personas.make_contribution(campaign, status=status, text=f"{SHOWN} x")
    hang_everything_on(contribution, SHOWN)
    cache.clear()
    expected = (status, publication, draft) == (ContributionStatus.PUBLISHED, Publication.POINTS, False)
    assert {name: gate(contribution) for name, gate in GATES.items()} == dict.fromkeys(GATES, expected)


def test_withdrawn_contribution_is_behind_every_gate(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    withdraw(contribution)
    contribution.refresh_from_db()
    assert not rules.is_public(contribution)
    assert not Contribution.objects.published().exists()
    assert not Selection(campaign).contributions().exists()
    assert matching(Selection(campaign)) == 0
    assert tallied([campaign.pk]).get(campaign.pk, (0, 0)) == (0, 0)


def test_everything_public_is_read_through_the_one_gate(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the gate shut (for contributions, comments, replies) no address shows a text: none reads around it."""
    for queryset in (ContributionQuerySet, CommentQuerySet, ReplyQuerySet):
        monkeypatch.setattr(queryset, "published", lambda self: self.extra(where=["FALSE"]))
    # Their files were written before it was shut.
    ExportJob.objects.all().delete()
    world.contributions = [one for one in world.contributions if rules.is_public(one)]
    for address, coding in visits(World(world.campaigns[:1], world.contributions[:1])):
        if coding == "identity" and not address.startswith("/admin/"):
            assert SHOWN not in words_of(Client().get(address)), address


def test_authors_see_their_own_and_nobody_elses(
    world: World, citizen: Citizen, another_citizen: Citizen
) -> None:
    campaign = world.campaigns[4]
    for status in (ContributionStatus.PENDING, ContributionStatus.PUBLISHED, ContributionStatus.REJECTED):
        contribution = personas.make_contribution(
            campaign, by=citizen, status=status, text=f"Mine, {status}", category="survey"
        )
        contribution.photos.create(file=jpeg("Mine"), width=8, height=8, digest=b"mine")
        for who, expected in ((citizen, 200), (another_citizen, 404)):
            browser = who.browser()
            address = f"/campaigns/{campaign.slug}/contributions/{contribution.pk}/"
            assert browser.get(address).status_code == expected
            assert browser.get(f"/photos/{contribution.photos.get().pk}.jpg").status_code == expected
            assert (contribution.text in words_of(browser.get(campaign.get_absolute_url()))) == (
                expected == 200
            )
            mine = words_of(browser.get(f"/api/v1/campaigns/{campaign.slug}/contributions/mine/"))
            assert (contribution.text in mine) == (expected == 200)
            assert HIDDEN not in mine
    token = edit_token(contribution.pk)
    assert "Mine, rejected" in words_of(Client().get(f"/mine/{token}/"))


# role, page -> what they see of the pending contribution
STAFF = {
    "/planning/cells/queue/": {Role.MANAGER, Role.MODERATOR},
    "/planning/cells/queue/?status=rejected": {Role.MANAGER, Role.MODERATOR},
    "/planning/cells/heatmap/": {Role.MANAGER, Role.ANALYST},
    "/planning/cells/heatmap/report.html": {Role.MANAGER, Role.ANALYST},
    "/planning/cells/heatmap/picture.png": {Role.MANAGER, Role.ANALYST},
    "/planning/cells/numbers/": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/contributions/?status=pending": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/heatmap?status=pending": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/download.geojson?status=pending": {Role.MANAGER, Role.ANALYST},
}


def test_staff_sees_what_its_role_needs(world: World) -> None:
    for role in Role:
        user = personas.make_user(f"{role}@example.org", world.campaigns[4], role)
        browser = personas.staff_browser(user)
        for address, roles in STAFF.items():
            response = browser.get(address)
            assert response.status_code == (200 if role in roles else 403), address
            words = words_of(response)
            assert role in roles or HIDDEN not in words, address
            assert f"{HIDDEN} cells-closed" not in words
        assert browser.get("/planning/cells-closed/queue/").status_code == 403
        assert browser.get("/planning/draft/queue/").status_code == 404
