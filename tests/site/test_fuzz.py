"""No request makes a server error, whatever is wrong in it, whoever sends it.

`FUZZ_REQUESTS=100000 FUZZ_SEED=7 pytest tests/site/test_fuzz.py` tries for longer than the tests do.
"""

import os
from itertools import islice
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, User
from geoparticipation.basemaps import Basemap
from geoparticipation.wsgi import handler
from mapping.models import Campaign, QuestionKind, Response
from mapping.services import access_links
from mapping.services.identity import edit_token, sign
from tests import personas
from tests.fuzz import Request, requests_for
from tests.personas import Citizen
from tests.surveys.world import ask
from tests.walk import Places

NUMBER = int(os.environ.get("FUZZ_REQUESTS", "250"))
SENDERS = ("nobody", "citizen", "administrator", "manager")
SEED = int(os.environ.get("FUZZ_SEED", "1"))


@pytest.fixture
def places(campaign: Campaign, cells_campaign: Campaign, citizen: Citizen, administrator: User) -> Places:
    """Something of each kind, with private links that open."""
    made = [
        personas.make_contribution(campaign, by=citizen, category="survey", answers=personas.GOOD_ANSWERS),
        personas.make_contribution(campaign, "LINESTRING(7.76 49.44,7.77 49.45)", category="street"),
        personas.make_contribution(cells_campaign),
    ]
    personas.make_comment(made[0])
    personas.make_support(made[0])
    for kind in QuestionKind.values:
        ask(campaign, kind.replace("_", "-"), kind)
    Response.objects.create(campaign=campaign, participant=citizen.participant(campaign))
    _link, key = access_links.make(campaign, "QGIS", actor=administrator)
    return Places([campaign, cells_campaign], made, [], [edit_token(made[0].pk), "x"], [key, "x"])


class Sender:
    """Somebody who sends, each time with what they came with."""

    def __init__(self, *, cookies: dict[str, str] | None = None, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.cookies = cookies or {}
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}

    def send(self, request: Request) -> int:
        """The status of the answer, read to its end; what it changed is undone."""
        more: dict[str, Any] = dict(self.headers)
        for name, value in request.headers.items():
            more["HTTP_" + name.upper().replace("-", "_")] = value
        more["HTTP_COOKIE"] = "; ".join(
            f"{name}={value}" for name, value in (self.cookies | dict(request.cookies)).items()
        )
        if request.body or request.content_type:
            more |= {"CONTENT_TYPE": request.content_type}
        if request.length is not None:
            more["CONTENT_LENGTH"] = request.length
        with transaction.atomic():
            try:
                response = self.client.generic(request.method, request.address, request.body, **more)
                response.getvalue()
            finally:
                transaction.set_rollback(True)
        return response.status_code


@pytest.fixture
def senders(citizen: Citizen, administrator: User, manager: User) -> dict[str, Sender]:
    """Nobody, a citizen, an administrator with a session, a manager with a token."""
    client = Client()
    client.force_login(administrator)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "nobody": Sender(),
        "citizen": Sender(cookies={settings.PARTICIPANT_COOKIE_NAME: sign(citizen.secret)}),
        "administrator": Sender(cookies={settings.SESSION_COOKIE_NAME: session}),
        "manager": Sender(token=ApiToken.issue(manager, scope="write")),
    }


@pytest.mark.parametrize("who", SENDERS)
def test_no_request_makes_a_server_error(
    places: Places, senders: dict[str, Sender], settings: Settings, who: str
) -> None:
    settings.BASEMAPS = {"colour": Basemap(template="", attribution="", maximum_zoom=20)}
    sender, seen, failed = senders[who], set(), []
    for request in islice(requests_for(places, hash_of(who)), NUMBER):
        try:
            status = sender.send(request)
        except Exception as error:  # noqa: BLE001 - a stream that breaks off is a server error too
            failed.append((repr(error), request))
            continue
        seen.add(status)
        if status >= 500:
            failed.append((str(status), request))
    assert failed == [], "\n".join(f"{what} {one.told()}" for what, one in failed)
    # Something was met, and something refused.
    assert {200, 404} <= seen


def hash_of(who: str) -> int:
    """A seed of one's own for everybody."""
    return SEED * 1000 + SENDERS.index(who)


@pytest.mark.parametrize("cookie", ["sessionid", "participant", "csrftoken", "django_language", "messages"])
@pytest.mark.parametrize(
    "value",
    [
        '"\\000aaaaaaaaaaaa"',
        '"\\033[31maaaaaaaaaa"',
        '"\\377\\377\\377\\377\\377\\377\\377\\377"',
        "a" * 9000,
    ],
)
def test_damaged_cookie_counts_for_nothing(campaign: Campaign, cookie: str, value: str) -> None:
    for address in ("/", "/campaigns/fear-spaces/", "/planning/", "/api/v1/campaigns/", "/accounts/login/"):
        answer = Client().get(address, HTTP_COOKIE=f"{cookie}={value}")
        assert answer.status_code == Client().get(address).status_code, address


def test_session_beside_a_damaged_cookie_still_counts(manager: User) -> None:
    client = Client()
    client.force_login(manager)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    header = f'participant="\\000"; {settings.SESSION_COOKIE_NAME}={session}'
    assert Client().get("/planning/", HTTP_COOKIE=header).status_code == 200


@pytest.mark.parametrize(
    "address", ["/", "/nowhere/", "/accounts/login/", "/planning/", "/language/", "/admin/"]
)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("&".join(["a=b"] * 2000), "application/x-www-form-urlencoded"),
        ("a=" + "b" * 3_000_000, "application/x-www-form-urlencoded"),
        ("--x\r\n" * 2000, "multipart/form-data; boundary=x"),
    ],
)
def test_form_that_cannot_be_read_is_refused_in_words(
    campaign: Campaign, address: str, body: str, kind: str
) -> None:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.generic("POST", address, body, content_type=kind)
    assert 400 <= answer.status_code < 500
    assert "</html>" in answer.content.decode()


@pytest.mark.parametrize("length", ["x", "-1", "+3", "9" * 5000, "3"])
@pytest.mark.parametrize(
    "address", ["/admin/login/", "/accounts/login/", "/language/", "/campaigns/fear-spaces/contribute/"]
)
def test_length_that_is_no_number_is_no_server_error(campaign: Campaign, address: str, length: str) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = Client(raise_request_exception=False).generic(
        "POST", address, b"a=b", content_type=kind, CONTENT_LENGTH=length
    )
    assert answer.status_code < 500


@pytest.mark.parametrize("charset", ["idna", "utf-16", "utf-7", "nonsense", "base64", "\xff", ""])
def test_charset_of_a_request_counts_for_nothing(charset: str) -> None:
    """Such a request failed while it was made, before any middleware saw it."""
    environ = RequestFactory().generic("POST", "/?q=%C3%A4(1%201)", b"a=%C3%B6").environ
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    request = handler.request_class(environ | {"CONTENT_TYPE": kind})
    assert (request.GET["q"], request.POST["a"]) == ("ä(1 1)", "ö")
