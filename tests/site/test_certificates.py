"""Whose certificates `requests` trusts."""

import ssl

import pytest
import requests

from geoparticipation.certificates import trust_the_system

NAMES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trusted() -> object:
    """What a request of this process is checked with."""
    return requests.Session().merge_environment_settings("https://example.org", {}, None, None, None)[
        "verify"
    ]


@pytest.fixture(autouse=True)
def _nothing_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_authorities_are_those_of_the_system() -> None:
    assert trusted() is True
    trust_the_system()
    paths = ssl.get_default_verify_paths()
    assert trusted() == (paths.cafile or paths.capath or True)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_operator_names_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "/etc/city.pem")
    trust_the_system()
    assert trusted() == "/etc/city.pem"
