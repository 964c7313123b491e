"""A provider of OpenID Connect on this machine, and a browser that walks there and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import run_server_in_thread
from pytest_django.fixtures import Settings

from doors.providers import openid
from mapping.models import Campaign, OpenTo

HOST = "http://testserver"


@contextmanager
def provider(settings: Settings, **more: Any) -> Iterator[str]:
    """A running provider, entered as that of citizens; yields its issuer."""
    with run_server_in_thread(**more) as server:
        issuer = f"http://localhost:{server.server_port}"
        use(settings, issuer)
        try:
            yield issuer
        finally:
            openid.forget_descriptions()


def use(settings: Settings, issuer: str) -> None:
    """Enter a provider of citizens."""
    settings.CITIZEN_OIDC_ISSUER = issuer
    settings.CITIZEN_OIDC_CLIENT_ID = "city"
    settings.CITIZEN_OIDC_CLIENT_SECRET = "not-known-to-anybody"
    settings.CITIZEN_OIDC_NAME = "BürgerID"
    openid.forget_descriptions()


def staff_provider(settings: Settings, issuer: str, **more: Any) -> None:
    """Enter a provider of staff."""
    values = {
        "key": "oidc",
        "kind": "oidc",
        "name": "Rathaus",
        "second_factor": [],
        "issuer": issuer,
        "client_id": "city",
        "client_secret": "not-known-to-anybody",
        "scopes": "openid email profile",
    }
    settings.STAFF_PROVIDERS = [values | more]
    openid.forget_descriptions()


def signed_in_only(campaign: Campaign) -> Campaign:
    """The campaign, open to people who signed in only."""
    campaign.open_to = OpenTo.SIGNED_IN
    campaign.save(update_fields=["open_to"])
    return campaign


def start(browser: Client, campaign: Campaign, onward: str = "") -> str:
    """The address at the provider to which a browser is sent."""
    page = reverse("sign-in-start", args=(campaign.slug,))
    answer = browser.get(page, {"next": onward} if onward else {})
    assert answer.status_code == 302, answer.content.decode()
    return answer.headers["Location"]


def consent(address: str, subject: str) -> str:
    """What somebody does at the provider: the address to which it sends them back."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def walk(browser: Client, campaign: Campaign, subject: str, onward: str = "") -> Any:
    """Sign somebody in; returns the answer to their return."""
    return browser.get(consent(start(browser, campaign, onward), subject).removeprefix(HOST))


def asked_for(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
