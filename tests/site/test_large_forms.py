"""Large bodies are read only from those who may send them; everybody else is refused by the headers alone.

The walk sends to every address of the site with every method and kind of body, and counts the bytes that are read.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, Contribution
from mapping.services.identity import edit_token
from tests import personas
from tests.walk import Places, addresses, routes

MEGABYTE = 2**20
BOUNDARY = "and-now-for-something-else"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
    "Content-Type: text/csv\r\n\r\n"
).encode()
# What an address may read of a body before it knows who sends it, apart from photos: forms and JSON documents.
SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
KINDS = (
    MULTIPART,
    "application/x-www-form-urlencoded",
    "application/json",
    "application/geo+json",
    "image/jpeg",
    "application/octet-stream",
)


class Endless(io.RawIOBase):
    """A body that never ends and knows how much of it was read."""

    def __init__(self) -> None:
        self.pieces = io.BytesIO(HEAD)
        self.taken = 0

    def read(self, size: int | None = -1) -> bytes:
        """As many bytes as are asked for; the whole of it is more than anyone should ask for."""
        assert size is not None
        assert size >= 0
        assert size <= 64 * MEGABYTE
        self.taken += size
        return (self.pieces.read(size) + b"x" * size)[:size]


class Sender:
    """Somebody who sends endless bodies and carries a CSRF cookie: only then does Django read a form for its token."""

    def __init__(self, user: User | None = None) -> None:
        self.browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
        if user is not None:
            self.browser.force_login(user)
        self.browser.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    def send(
        self, address: str, length: str, *, method: str = "POST", kind: str = MULTIPART
    ) -> tuple[int, Any]:
        """The bytes that were read of a body that announces a length ("": none), and the answer."""
        body = Endless()
        header: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": length, "CONTENT_TYPE": kind}
        answer = self.browser.generic(method, address, **header)
        return body.taken, answer


@pytest.fixture
def somebody(outsider: User) -> User:
    """May send large files elsewhere, and has a desk in the administration."""
    outsider.is_staff = True
    outsider.save()
    return outsider


@pytest.mark.parametrize("who", ["nobody", "somebody from elsewhere"])
def test_no_address_reads_a_large_body_before_it_knows_the_sender(
    published: Contribution, somebody: User, who: str
) -> None:
    """Citizens may send photos to an open campaign, which are more than this: see below."""
    places = Places([published.campaign], [published], [], ["x"])
    sender = Sender(somebody if who != "nobody" else None)
    for address in _one_of_each(places):
        # The administration has one way to read a form; what else has its own ways is tried in all of them.
        kinds = (MULTIPART,) if address.startswith("/admin/") else KINDS
        tries = [("POST", kind, "402000000") for kind in kinds]
        for method, kind, length in (*tries, ("PUT", kinds[-1], "402000000"), ("POST", MULTIPART, "")):
            taken, answer = sender.send(address, length, method=method, kind=kind)
            told = (method, address, kind, length, answer.status_code)
            assert taken <= SMALL + 1, told
            assert answer.status_code < 500, told


def _one_of_each(places: Places) -> Iterator[str]:
    for route in routes():
        yield from addresses(route, places)[:1]


@pytest.mark.parametrize("length", ["402000000", "+402000000", " 402_000_000 ", "9" * 4000])
def test_length_counts_as_django_reads_it(campaign: Campaign, length: str) -> None:
    taken, answer = Sender().send(campaign.get_absolute_url() + "contribute/", length)
    assert (taken, answer.status_code) == (0, 413)


def test_refusal_is_a_page_in_the_visitors_language(campaign: Campaign) -> None:
    sender = Sender()
    _taken, answer = sender.send("/campaigns/fear-spaces/contribute/", "402000000")
    assert "Das war zu viel auf einmal" in answer.content.decode()
    sender.browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    _taken, answer = sender.send("/campaigns/fear-spaces/contribute/", "402000000")
    assert "up to 3 of at most 10 MB each" in answer.content.decode()


IMPORTS = "/planning/fear-spaces/imports/"


@pytest.mark.parametrize("who", ["manager", "administrator", "moderator", "analyst", "outsider"])
def test_files_to_import_are_read_from_managers_only(
    campaign: Campaign, who: str, request: pytest.FixtureRequest, settings: Settings
) -> None:
    settings.IMPORT_MEGABYTES = 4
    taken, answer = Sender(request.getfixturevalue(who)).send(IMPORTS, str(8 * MEGABYTE))
    if who in {"manager", "administrator"}:
        assert taken > SMALL
    else:
        assert (taken, answer.status_code) == (0, 403)


def test_files_to_import_are_read_at_one_address_only(
    campaign: Campaign, manager: User, settings: Settings
) -> None:
    settings.IMPORT_MEGABYTES = 4
    length = str(8 * MEGABYTE)
    taken, answer = Sender().send(IMPORTS, length)
    assert taken == 0
    assert answer.headers["Location"] == f"/accounts/login/?next={IMPORTS}"
    assert Sender(manager).send(IMPORTS, str(12 * MEGABYTE))[0] == 0
    assert Sender(manager).send("/planning/nope/imports/", length)[1].status_code == 404
    assert Sender(manager).send("/planning/fear-spaces/queue/decide/", length)[0] == 0


@pytest.mark.parametrize(
    ("changes", "is_read"),
    [
        ({}, True),
        ({"closes_at": timedelta(minutes=-30)}, True),
        ({"closes_at": timedelta(hours=-2)}, False),
        ({"opens_at": timedelta(days=1)}, False),
        ({"allows_photos": False}, False),
        ({"is_draft": True}, False),
    ],
)
def test_photos_are_read_where_they_are_welcome(db: None, changes: dict[str, Any], is_read: bool) -> None:
    """For an hour after the end too, so that the page can answer with everything that was typed."""
    now = timezone.now()
    fields: dict[str, Any] = {
        name: now + one if isinstance(one, timedelta) else one for name, one in changes.items()
    }
    campaign = personas.make_campaign(**fields)
    contribution = personas.make_contribution(campaign)
    for address in ("/campaigns/fear-spaces/contribute/", f"/mine/{edit_token(contribution.pk)}/"):
        taken, _answer = Sender().send(address, str(5 * MEGABYTE))
        assert (taken > SMALL) is is_read, address
        assert taken == 0 or is_read


def test_wrong_private_link_reads_nothing(published: Contribution) -> None:
    taken, answer = Sender().send(f"/mine/{edit_token(published.pk)}x/", str(5 * MEGABYTE))
    assert (taken, answer.status_code) == (0, 404)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_json_has_its_own_limit_and_its_own_words(campaign: Campaign) -> None:
    _taken, answer = Sender().send(
        "/api/v1/campaigns/fear-spaces/exports/", str(10**10), kind="application/json"
    )
    assert answer.status_code == 413
    assert answer.json()["code"] == "body_too_large"
