"""All answers carry the strict policy, and all pages keep it and are valid HTML (html-validate, `.htmlvalidate.json`).

Each route of the site is asked in both languages (`tests/pages.py`); `tests/browser/test_origin.py` opens pages in a
browser.

Switched off are rules of style (quotes, case and form of tags, blanks) and, with reasons: `long-title` (titles have
the city's name), `prefer-native-element` (roles that styles or scripts need; axe judges them), `require-sri` (scripts
come from this site alone), `empty-heading` and `unique-landmark` (scripts fill headings of steps hidden before),
`no-redundant-for` (voice control needs `for` beside the nesting). Lists may have a label (`allowAnyNamable`).
"""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.test import Client
from pytest_django.fixtures import Settings

from geoparticipation.watching.views import metrics_text
from mapping.models import Campaign
from tests import personas
from tests.gate.making import make_world
from tests.pages import Reached, all_places, look_at, reached
from tests.walk import routes

COMMAND = Path(site.BASE_DIR) / "node_modules" / ".bin" / "html-validate"
SETTINGS = Path(site.BASE_DIR) / ".htmlvalidate.json"
STATES = ("/", "/search/?q=x", "/no/such/page/", "/calendar/?view=map")
"""Pages in a state that no route names."""


STRICT: Mapping[str, str] = {
    "default-src": "'none'",
    **dict.fromkeys(("script-src", "style-src", "connect-src", "form-action"), "'self'"),
    **dict.fromkeys(("base-uri", "frame-ancestors"), "'none'"),
}
OF_DATA: Mapping[str, str] = dict.fromkeys(("default-src", "frame-ancestors"), "'none'")
"""Pictures, tiles and JSON load nothing at all."""
ALLOWED = {"'none'", "'self'", "data:", "blob:"}
SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
HANDLER = re.compile(rb"<[^<>]*\son[a-z]+\s*=")
LOADED = re.compile(
    rb"""<(?:script|img|iframe|source|audio|video|link)\b[^>]*?\s(?:src|href)=["'](?:https?:)?//([^"'/]*)"""
)


def faults_of_policy(one: Reached) -> Iterator[str]:
    """What an answer lacks of the strict policy, and what a page holds that browsers would refuse under it."""
    headers = one.answer.headers
    if headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"
    parts = (part.split() for part in headers.get("Content-Security-Policy", "").split(";") if part.strip())
    policy = {name: values for name, *values in parts}
    kind = headers.get("Content-Type", "").partition(";")[0]
    is_data = (
        kind.endswith("json")
        or kind == "application/vnd.mapbox-vector-tile"
        or (kind.startswith("image/") and "svg" not in kind)
    )
    wanted = OF_DATA if is_data else STRICT
    yield from (f"{name} is not {value}" for name, value in wanted.items() if policy.get(name) != [value])
    yield from (f"{name} is loose" for name, values in policy.items() if set(values) - ALLOWED)
    if not one.is_page or headers.get("Content-Disposition", "").startswith("attachment"):
        return  # a report that people take along needs nothing but itself, and says so in a policy of its own
    for attributes, program in SCRIPT.findall(one.body):
        if program.strip() and b"json" not in attributes:
            yield f"a program in the page: {program[:60]!r}"
    if found := HANDLER.search(one.body):
        yield f"a program in an attribute: {found.group()[-60:]!r}"
    for host in LOADED.findall(one.body):
        if host not in {b"testserver", urlsplit(site.SITE_URL).netloc.encode()}:
            yield f"loaded from {host!r}"


@pytest.fixture
def answers(db: None, settings: Settings, tmp_path: Path) -> list[Reached]:
    """What every route of the site answers in German, and its pages in English."""
    settings.SENDS_MAIL = True
    places = all_places(make_world(settings, tmp_path))
    boss = personas.staff_browser(
        personas.make_user("chief@example.org", is_staff=True, is_superuser=True, may_edit_city=True)
    )
    nobody = Client()
    book = reached(places, nobody, boss)
    missed = [route for route, found in book.items() if not found]
    assert missed == [], "name a reason in tests/pages.py, or tell tests/walk.py how to fill them in"
    german = [one for found in book.values() for one in found]
    english = [(one.address, boss if one.of_staff else nobody) for one in german if one.is_page]
    for browser in (nobody, boss):
        browser.cookies["django_language"] = "en"
    return [*german, *(look_at(*one) for one in english), *(look_at(one, boss) for one in STATES)]


def faults_of_metrics() -> Iterator[str]:
    """What the labels of metrics hold of addresses, after every route was asked."""
    told = metrics_text().decode()
    views = set(re.findall(r'view="([^"]*)"', told))
    if not 300 < len(views) <= len(set(routes())) + 2:
        yield f"metrics of {len(views)} views"
    if found := re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|[\w-]{40,}\W", " ".join(views)):
        yield f"metrics: an id or a secret in a label: {found.group()}"
    yield from (
        f"metrics: {slug}" for slug in Campaign.objects.values_list("slug", flat=True) if slug in views
    )


def test_pages_are_valid_and_strict(answers: list[Reached], tmp_path: Path) -> None:
    """Reported by address and rule; and no label of metrics is made of what was asked for."""
    problems = {f"{one.address}: {fault}" for one in answers for fault in faults_of_policy(one)}
    pages = [one for one in answers if one.is_page or one.address in STATES]
    assert len(pages) > 300
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, one in enumerate(pages):
        (folder / f"{number}.html").write_bytes(one.body)
    report = tmp_path / "report.json"
    # Into a file: the command ends before a pipe has taken a long report.
    with report.open("wb") as written:
        done = subprocess.run(
            [COMMAND, "--config", SETTINGS, "--formatter", "json", *sorted(folder.glob("*.html"))],
            stdout=written,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert report.stat().st_size, done.stderr
    problems |= {
        f"{pages[int(Path(page['filePath']).stem)].address}: {one['ruleId']}: {one['message']}"
        for page in json.loads(report.read_bytes())
        for one in page["messages"]
    }
    problems |= set(faults_of_metrics())
    assert not problems, "\n".join(sorted(problems))
