"""All gates to the public open and close together; authors and staff pass where they may."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from accounts.models import Role, User
from engagement.models import Body, Document, Event, Plan, Update
from mapping import rules
from mapping.exports.counts import matching, tallied
from mapping.exports.selection import Selection
from mapping.http.kept import kept_answers
from mapping.models import (
    Campaign,
    Comment,
    Contribution,
    ContributionStatus,
    ExportJob,
    Footprint,
    Moderation,
    Publication,
    ReleaseEntry,
    ReleaseRegion,
    Tally,
)
from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import CommentQuerySet, ReplyQuerySet
from mapping.services.erase import withdraw
from mapping.services.identity import edit_token
from mapping.services.releases.making import make_release
from mapping.web.outreach import copies
from tests import personas
from tests.filtering import filtered
from tests.gate.walking import assert_codings_change_nothing, met, visits
from tests.gate.world import (
    HIDDEN,
    HIDDEN_DIGITS,
    SHOWN,
    SHOWN_DIGITS,
    World,
    hang_everything_on,
    jpeg,
)
from tests.pages import EXCEPTED, all_places
from tests.personas import Citizen
from tests.walk import addresses, routes, words_of


def take_away_dates_and_papers() -> None:
    """They have gates of their own, which stay open for what is public of them."""
    for model in (Event, Body, Plan, Update, Document):
        model._default_manager.all().delete()


def test_every_route_is_reached(world: World, administrator: User) -> None:
    """The walk would prove nothing where it meets only "not found"."""
    browser = personas.staff_browser(administrator)
    places = all_places(world)
    missed = []
    for route in routes():
        # One answer is proof enough. Of some things there is no row here that the administration could show.
        known = addresses(route, places)
        assert route.startswith("admin/") or known
        if known and all(browser.head(address).status_code == 404 for address in known):
            missed.append(route)
    assert set(missed) == set(EXCEPTED)


def test_protected_campaigns_tell_their_release_and_nothing_else(
    world: World, visitors: dict[str, Client]
) -> None:
    """Once a release is there, all that it was made from can go: no public address would notice."""
    campaign = world.campaigns[4]
    assert make_release(campaign) is not None
    world = World([campaign], [one for one in world.contributions if one.campaign == campaign])
    asked = [one for one in visits(world) if "/cells/" in one or one in {"/", "/api/v1/campaigns/"}]
    answers = {who: met(browser, asked) for who, browser in visitors.items()}
    for who, found in answers.items():
        assert_codings_change_nothing(world, visitors[who], found)
        for address, (_status, words) in found.items():
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
    for address in dict.fromkeys(address.split("?")[0] for address in visits(world)):
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


NEAREST = "ordering=nearest&near=7.75,49.43"


def is_in_picture(contribution: Contribution) -> bool:
    """Whether the picture of the campaign that messengers show would be another without it."""

    def picture() -> bytes:
        kept_answers.forget()
        answer = Client().get("/campaigns/x/share.png")
        return answer.content if answer.status_code == 200 else b""

    before = picture()
    with transaction.atomic():
        Contribution.objects.filter(pk=contribution.pk).delete()
        after = picture()
        transaction.set_rollback(True)
    return before != after


def is_similar(contribution: Contribution, **body: object) -> bool:
    """Whether somebody who marks a place or writes is shown it as reported already."""
    answer = Client().post(
        "/api/v1/campaigns/x/contributions/similar/", body, content_type="application/json"
    )
    return str(contribution.pk) in words_of(answer)


GATES: dict[str, Callable[[Contribution], bool]] = {
    "QuerySet": lambda one: Contribution.objects.published().filter(pk=one.pk).exists(),
    "rule": rules.is_public,
    "rule for nobody in particular": lambda one: rules.may_see_contribution(AnonymousUser(), None, one),
    "selection of exports": lambda one: Selection(one.campaign).contributions().filter(pk=one.pk).exists(),
    "number of exports": lambda one: matching(Selection(one.campaign)) == 1,
    "filtered number": lambda one: matching(Selection(one.campaign, filtered(categories=("spot",)))) == 1,
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
    "centres": lambda one: '"centres":[[' in words_of(Client().get("/api/v1/campaigns/x/centres")),
    "heat map's page": lambda one: "CRS3035RES" in Client().get("/campaigns/x/heatmap/").content.decode(),
    "embedded page": lambda one: one.text in words_of(Client().get("/campaigns/x/embed/")),
    "copy for offline": lambda one: (
        one.text in words_of(Client().get("/campaigns/x/", headers={copies.HEADER: "de"}))
    ),
    "page's nearest": lambda one: one.text in words_of(Client().get(f"/campaigns/x/?{NEAREST}")),
    "nearest": lambda one: (
        one.text in words_of(Client().get(f"/api/v1/campaigns/x/contributions/?{NEAREST}"))
    ),
    "similar by place": lambda one: is_similar(one, geometry=personas.point()),
    "similar by text": lambda one: is_similar(one, text=one.text),
    "share picture": is_in_picture,
    "campaign's number": lambda one: '"contributions":1,' in words_of(Client().get("/api/v1/campaigns/x/")),
}


@pytest.mark.parametrize(("publication", "draft"), list(product(Publication, (False, True))))
@pytest.mark.parametrize("status", ContributionStatus)
def test_all_gates_open_and_close_together(
    db: None, status: ContributionStatus, publication: Publication, draft: bool
) -> None:
    campaign = personas.make_campaign("x", publication=publication, is_draft=draft)
    contribution = personas.make_contribution(campaign, status=status, text=f"{SHOWN} bench in the shade")
    hang_everything_on(contribution, SHOWN)
    cache.clear()
    expected = (status, publication, draft) == (ContributionStatus.PUBLISHED, Publication.POINTS, False)
    assert {name: gate(contribution) for name, gate in GATES.items()} == dict.fromkeys(GATES, expected)


def test_withdrawn_contribution_is_behind_every_gate(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign)
    withdraw(contribution)
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
    take_away_dates_and_papers()
    world.contributions = [one for one in world.contributions if rules.is_public(one)]
    browser = Client()
    for address in visits(World(world.campaigns[:1], world.contributions[:1])):
        if not address.startswith("/admin/"):
            assert SHOWN not in words_of(browser.get(address)), address


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
    "/planning/cells/who/": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/contributions/?status=pending": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/heatmap?status=pending": {Role.MANAGER, Role.ANALYST},
    "/api/v1/campaigns/cells/centres?status=pending": {Role.MANAGER, Role.ANALYST},
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


def test_campaign_that_becomes_protected_hides_all_that_was_public(world: World) -> None:
    """Answers that were kept, photos, tiles, files made before, feeds and catalogues: nothing shows it any more."""
    take_away_dates_and_papers()
    places = World(world.campaigns[:1], world.contributions[:1])
    browser = Client()
    asked = list(visits(places))
    before = [address for address in asked if SHOWN in words_of(browser.get(address))]
    assert len(before) > 40
    for campaign in world.campaigns:
        campaign.publication, campaign.moderation = Publication.CELLS, Moderation.PRE
        campaign.full_clean()
        campaign.save()
    for address in asked:
        words = words_of(browser.get(address))
        assert SHOWN not in words, address
        assert not SHOWN_DIGITS.search(words), address
