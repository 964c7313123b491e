"""Stories told in Chromium on a live server; any console error and any request to elsewhere fails the story.

`desktop` and `phone` are pages of a fresh browser context (no cookies); `visit` opens further people:

    def test_story(visit, moderator, live_server):
        page = visit("desktop", user=moderator)
        page.goto("/planning/")
        page.watch.allow("status of 422")   # where a story provokes an error answer on purpose
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site_settings
from django.contrib.gis.geos import GEOSGeometry, Point
from django.core.files.base import ContentFile
from django.utils import translation
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from mapping.models import Address, Campaign, GroundFeature, GroundSource, Reply, ReplyStatus
from tests import personas
from tests.browser.steps import draw_picture
from tests.personas import GOOD_ANSWERS, PENDING, REJECTED, STATION, UNIVERSITY, Citizen, staff_browser

# Playwright's sync API runs an event loop in the test's thread; Django would refuse the ORM there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=8_000)

Device = Literal["desktop", "phone"]
DEVICES: dict[Device, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]


@dataclass
class Watch:
    """What went wrong in a page that nobody sees: errors in the console, exceptions, requests to elsewhere, 5xx."""

    origin: str
    under_way: set[Request] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    # What the tests' browsers say themselves where stories allow no workers (`visit`).
    allowed: list[str] = field(default_factory=lambda: ["Service Worker registration blocked"])

    def allow(self, part: str) -> None:
        """A problem that the story provokes on purpose, named by a part of its text."""
        self.allowed.append(part)

    def attach(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("request", self._request)
        page.on("requestfinished", self._over)
        page.on("requestfailed", self._over)
        page.on("response", self._response)

    def settle(self, page: Page) -> None:
        """Wait until nothing is under way: the database is emptied next, and the server must not hold it."""
        for _attempt in range(100):
            page.wait_for_timeout(30)
            if not self.under_way:
                return

    def unexpected(self) -> list[str]:
        return [problem for problem in self.problems if not any(part in problem for part in self.allowed)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(
                f"console {message.type}: {message.text} ({message.location.get('url', '')})"
            )

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"data", "blob"}:
            return
        if f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.problems.append(f"foreign request: {request.url}")
        self.under_way.add(request)

    def _over(self, request: Request) -> None:
        self.under_way.discard(request)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"answer {response.status}: {response.url}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all stories."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def plain_ground(settings: Settings) -> None:
    """No base map: stories need no tile server, and nothing leaves the machine."""
    settings.BASEMAPS = {}


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer, plain_ground: None) -> Iterator[Callable[..., Page]]:
    """Opens a page for somebody: `visit("phone")`, `visit("desktop", user=moderator)`, `visit("phone", citizen=...)`.

    Stories are written in English; `language=""` leaves the choice to the site (German). The page carries its
    `watch`. Options of Playwright's contexts may follow (`java_script_enabled=False`,
    `color_scheme="dark"`, `permissions=[...]`).
    """
    opened: list[tuple[BrowserContext, Page, Watch]] = []

    def open_page(
        device: Device = "desktop",
        *,
        user: User | None = None,
        citizen: Citizen | None = None,
        language: str = "en",
        **options: Any,
    ) -> Page:
        # Workers answer from what they keep: the stories of `offline/` alone allow them.
        quiet = {"locale": "de-DE", "reduced_motion": "reduce", "service_workers": "block"}
        values = quiet | DEVICES[device] | options
        context = chromium.new_context(base_url=live_server.url, **values)
        cookies = {}
        if user is not None:
            cookies[site_settings.SESSION_COOKIE_NAME] = staff_browser(user).cookies
        if citizen is not None:
            cookies[site_settings.PARTICIPANT_COOKIE_NAME] = citizen.browser().cookies
        context.add_cookies(
            [
                {"name": name, "value": jar[name].value, "url": live_server.url}
                for name, jar in cookies.items()
            ]
        )
        if language:
            name = site_settings.LANGUAGE_COOKIE_NAME
            context.add_cookies([{"name": name, "value": language, "url": live_server.url}])
        page = context.new_page()
        watch = Watch(live_server.url)
        watch.attach(page)
        page.watch = watch  # type: ignore[attr-defined]
        opened.append((context, page, watch))
        return page

    yield open_page
    for context, page, watch in opened:
        watch.settle(page)
        context.close()
    problems = [problem for _context, _page, watch in opened for problem in watch.unexpected()]
    assert not problems, "\n".join(problems)


@pytest.fixture
def desktop(visit: Callable[..., Page]) -> Page:
    """A stranger at a desk."""
    return visit("desktop")


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    """A stranger with a phone."""
    return visit("phone")


@pytest.fixture
def spots(transactional_db: None) -> Campaign:
    """An open campaign with the one category `spot` (points)."""
    campaign = personas.make_campaign("spots", title="Spots of the city")
    campaign.categories.exclude(slug="spot").delete()
    return campaign


@pytest.fixture
def topics(transactional_db: None) -> Campaign:
    """An open campaign with one category per kind of place."""
    # The questions are titled with translated names of their kinds.
    with translation.override("en"):
        return personas.make_campaign("topics", title="All topics")


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, visit: Callable[..., Page]) -> Page:
    """The story is told twice: on a phone and at a desk."""
    return visit(request.param, permissions=["geolocation", "clipboard-read", "clipboard-write"])


@pytest.fixture
def everything(transactional_db: None, citizen: Citizen) -> Campaign:
    """An open campaign with everything in it."""
    with translation.override("en"):  # the questions are titled with translated words
        campaign = personas.make_campaign(
            "topics", title="All topics", summary="What it is about.", contact="stadt@example.org"
        )
    shown = personas.make_contribution(
        campaign, category="survey", answers=GOOD_ANSWERS, text="A bench in the shade, please.", by=citizen
    )
    for number in range(2):
        data = ContentFile(draw_picture(number), name=f"{number}.jpg")
        shown.photos.create(file=data, width=960, height=720, digest=bytes([number]), position=number)
    remark = personas.make_comment(shown, "Good idea.")
    personas.make_comment(shown, "Where exactly?", parent=remark)
    personas.make_comment_support(remark)
    personas.make_support(shown)
    Reply.objects.create(contribution=shown, status=ReplyStatus.PLANNED, text="It comes in May.")
    personas.make_contribution(campaign, STATION, text="Waiting", status=PENDING, by=citizen)
    personas.make_contribution(campaign, UNIVERSITY, text="Refused", status=REJECTED, by=citizen)
    for category, place in (
        ("street", "LINESTRING(7.75 49.44, 7.78 49.45)"),
        ("meadow", "POLYGON((7.74 49.43, 7.75 49.43, 7.75 49.44, 7.74 49.43))"),
        ("idea", None),
    ):
        personas.make_contribution(campaign, place, category=category)
    Address.objects.create(name="Pariser Straße", kind="street", geom=Point(*STATION, srid=4326))
    return campaign


@pytest.fixture(params=["phone", "desktop"])
def device(request: pytest.FixtureRequest) -> str:
    """Each page is judged twice."""
    return str(request.param)


@pytest.fixture
def ground(transactional_db: None) -> GroundSource:
    """A lake in the west of the town hall, a street and a name in the east."""
    source = GroundSource.objects.create(name="sketch.geojson", attribution="Sketched <by hand>")
    for layer, kind, shape, more in (
        ("area", "water", "POLYGON((7.70 49.42, 7.768 49.42, 7.768 49.47, 7.70 49.47, 7.70 49.42))", {}),
        ("line", "primary", "LINESTRING(7.775 49.40, 7.775 49.48)", {"name": "Long Street"}),
        ("label", "city", "POINT(7.780 49.455)", {"name": "Lautern", "rank": 1}),
    ):
        place = GEOSGeometry(shape, srid=4326).transform(3857, clone=True)
        GroundFeature.objects.create(source=source, layer=layer, kind=kind, from_zoom=0, geom=place, **more)
    return source
