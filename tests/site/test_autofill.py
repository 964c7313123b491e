"""Fields that ask people about themselves can be filled in by browsers and aids (WCAG 2.2, 1.3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django import forms
from django.test import Client
from django.urls import get_resolver
from pytest_django.fixtures import Settings

from engagement.models import Event
from mapping.models import Campaign
from mapping.services.identity import edit_token
from tests import personas
from tests.engagement.making import make_event

# What HTML names these; a log-in is asked for by its address, which is the name of the account.
TOKENS = {"name": {"name"}, "address": {"email", "username"}, "phone": {"tel"}}
ASKS = {
    "name": re.compile(r"^(your |full )?name$", re.IGNORECASE),
    "address": re.compile(r"e-?mail", re.IGNORECASE),
    "phone": re.compile(r"phone", re.IGNORECASE),
}
OF_STAFF = re.compile(r"\.(planning|admin|management)\.|^django\.|^accounts\.")


class Fields(HTMLParser):
    """The text inputs of a page with their labels."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inputs: dict[str, dict[str, str]] = {}
        self.labels: dict[str, str] = {}
        self._label: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "input" and values.get("type", "text") in {"text", "email", "tel"}:
            self.inputs[values.get("id", "")] = values
        elif tag == "label":
            self._label = values.get("for", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._label = None

    def handle_data(self, data: str) -> None:
        if self._label:
            self.labels[self._label] = f"{self.labels.get(self._label, '')} {data.strip()}".strip()

    def about_people(self) -> Iterator[tuple[str, str, str]]:
        """What is asked for, the words that ask for it, and what browsers are told."""
        for key, values in self.inputs.items():
            label = self.labels.get(key, "").replace("(optional)", "").strip()
            for what, asks in ASKS.items():
                if asks.search(label) or values.get("type") == {"address": "email", "phone": "tel"}.get(what):
                    yield what, label, values.get("autocomplete", "")


@pytest.fixture
def meeting(campaign: Campaign) -> Event:
    """An event to which people register with name and address."""
    return make_event(None, campaign, takes_registrations=True)


def test_forms_on_citizens_pages_name_what_they_ask_for(
    campaign: Campaign, meeting: Event, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    contribution = personas.make_contribution(campaign)
    home, token = campaign.get_absolute_url(), edit_token(contribution.pk)
    browser = Client(headers={"accept-language": "en"})
    browser.cookies["django_language"] = "en"
    asked: dict[str, list[str]] = {}
    for address in (
        f"/events/{meeting.slug}/register/",
        "/accessibility/report/",
        "/subscriptions/",
        "/subscriptions/?about=circle",
        f"/subscriptions/author/{token}/",
        f"{home}contribute/?category=survey",
        f"{home}contributions/{contribution.pk}/report/",
        f"/mine/{token}/",
        "/accounts/login/",
    ):
        answer = browser.get(address, follow=True)
        assert answer.status_code == 200, address
        for what, label, told in Fields(answer.content.decode()).about_people():
            assert set(told.split()) & TOKENS[what], f"{address}: {label!r} has autocomplete={told!r}"
            asked.setdefault(what, []).append(address)
    # The pages that are known to ask did so.
    assert len(asked["name"]) == 1
    assert len(asked["address"]) >= 5


def test_every_form_for_citizens_that_asks_for_an_address_names_it() -> None:
    """Also forms that come later: all views, and hence all forms, are loaded with the addresses of the site."""
    assert get_resolver().url_patterns
    asking = [
        (form, name, field)
        for form in _below(forms.BaseForm)
        if not OF_STAFF.search(f"{form.__module__}.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.EmailField) or isinstance(field.widget, forms.EmailInput)
    ]
    assert {form.__name__ for form, _name, _field in asking} >= {
        "RegistrationForm",
        "SubscriptionForm",
        "BarrierForm",
    }
    for form, name, field in asking:
        told = field.widget.attrs.get("autocomplete", "")
        assert told in TOKENS["address"], f"{form.__module__}.{form.__name__}.{name}"


def _below(form: type) -> Iterator[type]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)
