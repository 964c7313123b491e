"""Who finds a weakness learns whom to tell: RFC 9116."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import checks
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

ADDRESS = "/.well-known/security.txt"


def fields(body: str) -> list[tuple[str, str]]:
    assert body.endswith("\r\n")
    return [
        (name, value) for name, _colon, value in (line.partition(": ") for line in body.split("\r\n")[:-1])
    ]


def test_file_names_contacts_and_how_long_they_hold(settings: Settings) -> None:
    settings.SECURITY_CONTACT = ["it-sicherheit@stadt.example", "https://stadt.example/sicherheit"]
    settings.SITE_URL = "https://mitmachen.stadt.example"
    answer = Client().get(ADDRESS)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    found = fields(answer.content.decode())
    assert [value for name, value in found if name == "Contact"] == [
        "mailto:it-sicherheit@stadt.example",
        "https://stadt.example/sicherheit",
    ]
    once = dict(found)
    assert len(found) == 5
    assert once["Canonical"] == "https://mitmachen.stadt.example/.well-known/security.txt"
    assert once["Preferred-Languages"] == "de, en"
    expires = datetime.fromisoformat(once["Expires"])
    assert expires.tzinfo == UTC
    assert timedelta(days=150) < expires - timezone.now() < timedelta(days=365)


def test_without_a_contact_there_is_no_file(db: None) -> None:
    assert Client().get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    ("contact", "is_right"),
    [
        ("a@b.example", True),
        ("mailto:a@b.example", True),
        ("tel:+49-631-0", True),
        ("https://b.example/report", True),
        ("http://b.example/report", False),
        ("somebody", False),
        ("https:", False),
        ("a@b.example\r\nCanonical: https://evil.example", False),
    ],
)
def test_contacts_are_checked(settings: Settings, contact: str, is_right: bool) -> None:
    settings.SECURITY_CONTACT = [contact]
    found = {one.id for one in checks.run_checks(tags=[checks.Tags.security])}
    assert ("geoparticipation.E010" not in found) is is_right


def test_public_sites_are_told_to_name_one(settings: Settings) -> None:
    def found() -> set[str | None]:
        return {
            one.id for one in checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
        }

    assert "geoparticipation.W010" in found()
    settings.SECURITY_CONTACT = ["a@b.example"]
    assert "geoparticipation.W010" not in found()
