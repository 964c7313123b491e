"""Whatever file the staff can fetch and the public cannot leaves an entry in the audit log: a new one, too.

A walk over every address: what comes as a file, and not to everybody in the same way, is recorded under the name of who
fetched it. Addresses that show exact data without being files: `test_recorded_looks`.
"""

import re
from collections.abc import Iterator, Mapping

from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from mapping.models import Campaign, Question
from tests.gate.test_recorded_looks import empty_audit_log
from tests.gate.walking import CHANGING, QUERIES
from tests.gate.world import World
from tests.personas import staff_browser
from tests.walk import addresses, routes

NOT_OF_PEOPLE: Mapping[str, str] = {
    "planning/<slug:slug>/outreach/poster.pdf": "a poster",
    "planning/<slug:slug>/setup/questions/xlsform/form.xlsx": "the campaign's own questions",
    "planning/<slug:slug>/setup/languages/<slug:language>/texts.<str:ending>": "the campaign's own texts",
    "planning/<slug:slug>/setup/protection/<slug:name>.<slug:ending>": "drafts about the campaign's settings",
    "planning/<slug:slug>/imports/<uuid:upload>/places/": "what they uploaded themselves",
    "documents/<uuid:document>/<int:version>.pdf": "the city's own papers",
    "tiles/<str:name>/<int:z>/<int:y>/<int:x>.png": "a map",
}
"""Files of the staff that hold nothing of people, with what they hold."""
FILES = re.compile(r"^(?:text/csv|application/(?:geo\+json|zip|x-|pdf|geopackage|vnd\.(?!oai\.)))")
LENGTH_OF_MOMENTS = 24
"""Bytes by which an archive grows or shrinks with the moments in it."""
RECORDED = (Action.LOOKED, Action.DOWNLOADED, Action.ORDERED_FILE, Action.SAW_PEOPLE, Action.LOG_EXPORTED)
MORE_QUERIES: Mapping[str, tuple[str, ...]] = {
    "planning/<slug:slug>/heatmap/report.html": ("",),
    "api/v1/campaigns/<slug:slug>/download.<str:ending>": ("status=pending", "status=published,pending"),
    "api/v1/campaigns/<slug:slug>/contributions/": ("status=pending",),
}


def asked(world: World) -> Iterator[tuple[str, str]]:
    """Routes with their addresses about a campaign of points and a protected one: a few of each, all endings."""
    campaigns: list[Campaign] = [world.campaigns[0], world.campaigns[4]]
    places = world.places("x")
    slugs = {one.slug for one in campaigns}
    for route in routes():
        if route.startswith(("admin/", "ogc/key/", "accounts/", "mine/")) or route in NOT_OF_PEOPLE:
            continue
        found = [
            one
            for one in addresses(route, places)
            if "<slug:slug>" not in route or slugs & set(one.split("/"))
        ]
        for address in found if "ending" in route else found[:2]:
            yield route, address
            yield from (
                (route, f"{address}?{query}")
                for query in (*QUERIES.get(route, ())[:1], *MORE_QUERIES.get(route, ()))
            )
    for campaign in campaigns:
        for question in Question.objects.of_survey(campaign.pk)[:1]:
            yield (
                "",
                f"/planning/{campaign.slug}/survey/table.csv?rows={question.slug}&columns={question.slug}",
            )


def test_every_file_that_is_not_public_leaves_an_entry(world: World, administrator: User) -> None:
    assert set(NOT_OF_PEOPLE) <= set(routes())
    browser, nobody = staff_browser(administrator), Client()
    missing: list[str] = []
    recorded = 0
    for _route, address in asked(world):
        empty_audit_log()
        answer = browser.get(address, headers={"Accept-Encoding": "identity"})
        body = answer.getvalue()
        if answer.status_code != 200 or not _is_file(answer):
            continue
        public = nobody.get(address, headers={"Accept-Encoding": "identity"})
        if public.status_code == 200 and _is_same(public.getvalue(), body):
            continue
        if Entry.objects.filter(user=administrator, action__in=RECORDED).exists():
            recorded += 1
        else:
            missing.append(address)
    assert not missing, " ".join(missing)
    assert recorded > 20


def _is_file(answer: object) -> bool:
    headers: Mapping[str, str] = answer.headers  # type: ignore[attr-defined]
    if headers.get("Content-Disposition", "").startswith("attachment"):
        return True
    return bool(FILES.match(headers.get("Content-Type", "")))


def _is_same(public: bytes, body: bytes) -> bool:
    """Whether two answers hold the same, but for the moment at which they were made, which archives pack."""
    if body.startswith((b"PK", b"SQLite")):
        return abs(len(public) - len(body)) < LENGTH_OF_MOMENTS
    first, second = (CHANGING.sub("", one.decode("utf-8", "replace")) for one in (public, body))
    return first == second
