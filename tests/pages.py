"""Every page of the site, found by asking every route: a new page needs no line in any test, a missing one a reason."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.test import Client

from engagement.models import PlanProposal, Registration
from engagement.services.plans import proposals
from engagement.services.registrations.registering import token_of
from mapping.models import Response
from mapping.services import access_links
from mapping.services.identity import edit_token
from tests import personas
from tests.gate.world import World, put_up_everything_of_the_city
from tests.walk import Places, addresses, routes

EXCEPTED: Mapping[str, str] = {
    "api/v1/campaigns/<slug:slug>/responses/<uuid:pk>/": "for the author only: tests/api/test_surveys",
    "planning/<slug:slug>/survey/table.csv": "parameters name its questions: tests/planning/test_survey",
    "planning/<slug:slug>/outreach/poster.pdf": "parameters name the poster: tests/planning/campaigns/test_outreach",
    "metrics": "for Prometheus, with a token: tests/watching/test_metrics",
    "accounts/reset/<str:account>/<str:secret>/": "a link that is none is answered so: tests/doors/test_resets",
    ".well-known/security.txt": "not there without a contact: tests/site/test_security_contact",
    "accounts/at/<slug:key>/": "leads to a provider, and the settings name none: tests/signing_in/test_staff",
    "accounts/at/<slug:key>/back/": "as above",
    "accounts/at/<slug:key>/metadata.xml": "as above: tests/signing_in/test_saml",
    r"api/v1/^[\s\S]*$": "what is no address",
    r"ogc/key/<str:key>/^(?P<rest>[\s\S]*)$": "what is no address",
    r"ogc/^(?P<rest>[\s\S]*)$": "what is no address",
    r"oparl/v1.1/^[\s\S]*$": "what is no address",
    r"^dipas-pds/[\s\S]*$": "what is no address",
    r"^open311/[\s\S]*$": "what is no address",
    "admin/(?P<url>.*)$": "what is no address",
    "admin/r/<path:content_type_id>/<path:object_id>/": "leads to pages that rows have: Django's own",
}
"""Routes of which the walk meets "not found" only, with the reason."""
WHOLE_CAMPAIGN = re.compile(r"campaigns/<slug:slug>/(?:[a-z]+/)*")


@dataclass(frozen=True)
class Reached:
    """An answer that is no "not found": who asked for it, and where."""

    address: str
    of_staff: bool
    answer: Any
    body: bytes

    @property
    def is_page(self) -> bool:
        """Whether people read it in a browser."""
        kind: str = self.answer.headers.get("Content-Type", "")
        return bool(self.answer.status_code == 200) and kind.startswith("text/html")


def all_places(world: World) -> Places:
    """What addresses are made of for somebody who holds a private link of every kind; puts up what few walks need."""
    boss = personas.make_user("boss@example.org", is_superuser=True)
    _link, secret = access_links.make(world.campaigns[0], "QGIS", actor=boss)
    known = (*world.contributions[:2], Response.objects.earliest("created_at"))
    tokens = [edit_token(one.pk) for one in known]
    tokens.append(proposals.token_of(PlanProposal.objects.earliest("created_at")))
    tokens.append(token_of(Registration.objects.earliest("created_at")))
    put_up_everything_of_the_city(world)
    return replace(world.places(*tokens), keys=(secret,))


def reached(places: Places, nobody: Client, staff: Client) -> dict[str, list[Reached]]:
    """By route what is reached: by anybody if they may read it, else by the staff; nothing for "not found" only.

    Of each route the first answer with something in it; of pages of a whole campaign one for each campaign.
    Without Django's administration.
    """
    return {
        route: list(_reached(route, places, nobody, staff))
        for route in routes()
        if route not in EXCEPTED and not route.startswith("admin/")
    }


def _reached(route: str, places: Places, nobody: Client, staff: Client) -> Iterator[Reached]:
    of_staff = route.startswith("planning/")
    asked = addresses(route, places)
    spare: Reached | None = None
    good = 0
    for browser in (staff,) if of_staff else (nobody, staff):
        for address in asked:
            one = look_at(address, browser, is_staff=browser is staff)
            if one.answer.status_code == 200:
                good += 1
                yield one
                if not (one.is_page and WHOLE_CAMPAIGN.fullmatch(route)):
                    return
            elif one.answer.status_code != 404:
                spare = spare or one
                if one.answer.status_code == 405:
                    break
        if good:
            return
    if spare is not None:
        yield spare


def look_at(address: str, browser: Client, *, is_staff: bool = False) -> Reached:
    """The answer at an address, read to its end: files that stream hold a place until then."""
    answer: Any = browser.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    body = answer.getvalue()
    return Reached(address, is_staff, answer, body)
