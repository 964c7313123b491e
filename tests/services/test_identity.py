"""Who a visitor is without an account: unlinkable across campaigns, never by address, never by a forged value."""

import base64
import inspect
import uuid

import pytest
from django.apps import apps
from django.db import models
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Contribution, Participant
from mapping.services import erase, feedback, identity, submit
from mapping.services.erase import withdraw
from mapping.services.moderation import moderate
from mapping.services.submit import Submission
from tests import personas
from tests.personas import Citizen, point

# --- the same person in two campaigns -------------------------------------------------------------------------


def test_person_is_one_participant_within_a_campaign(campaign: Campaign, citizen: Citizen) -> None:
    submit.submit(campaign, Submission("spot", point()), citizen.secret)
    submit.submit(campaign, Submission("spot", point(personas.STATION)), citizen.secret)
    assert Participant.objects.count() == 1


def test_person_cannot_be_linked_across_campaigns(
    campaign: Campaign, post_campaign: Campaign, citizen: Citizen
) -> None:
    submit.submit(campaign, Submission("spot", point()), citizen.secret)
    submit.submit(post_campaign, Submission("spot", point()), citizen.secret)
    here, there = Participant.objects.order_by("campaign")
    assert bytes(here.key) != bytes(there.key)
    shared = {field.name for field in Participant._meta.concrete_fields} & {"secret", "name", "email", "ip"}
    assert not shared


def test_key_needs_the_sites_key_and_the_secret(
    campaign: Campaign, citizen: Citizen, another_citizen: Citizen, settings: Settings
) -> None:
    key = identity.participant_key(campaign, citizen.secret)
    assert len(key) == 32
    assert key != identity.participant_key(campaign, another_citizen.secret)
    assert citizen.secret.encode() not in key
    assert key != identity.imported_participant_key(campaign, citizen.secret)
    settings.SECRET_KEY = "y" * 50
    assert key != identity.participant_key(campaign, citizen.secret)


def test_imported_person_is_one_per_campaign(campaign: Campaign, post_campaign: Campaign) -> None:
    key = identity.imported_participant_key(campaign, "person 7")
    assert key == identity.imported_participant_key(campaign, "person 7")
    assert key != identity.imported_participant_key(campaign, "person 8")
    assert key != identity.imported_participant_key(post_campaign, "person 7")


def test_nothing_can_store_a_network_address() -> None:
    for model in apps.get_models():
        if model._meta.app_label not in {"mapping", "doors", "accounts"}:
            continue
        for field in model._meta.get_fields():
            assert not isinstance(field, models.GenericIPAddressField)
            if (
                f"{model.__name__}.{field.name}" == "OpenSession.session_key"
            ):  # of Django's own table, of staff only
                continue
            words = set(field.name.lower().split("_"))
            assert not words & {"ip", "remote", "host", "agent", "session"}, f"{model.__name__}.{field.name}"


@pytest.mark.parametrize("module", [submit, feedback, erase, moderate, identity])
def test_services_never_see_a_request(module: object) -> None:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        assert "request" not in inspect.signature(function).parameters, name


# --- the cookie -----------------------------------------------------------------------------------------------


def test_cookie_value_gives_the_secret_back() -> None:
    secret = identity.new_secret()
    assert identity.unsign(identity.sign(secret)) == secret
    assert len(secret) >= 43
    assert secret != identity.new_secret()


def test_forged_cookies_are_nobody(citizen: Citizen, settings: Settings) -> None:
    good = identity.sign(citizen.secret)
    forged = [
        "",
        ":",
        "x",
        citizen.secret,
        good[:-1],
        good + "x",
        good.replace("citizen", "another"),
        good.swapcase(),
        f"{citizen.secret}:",
        "\x00",
        "\ud800:\udfff",
        "ü" * 5000,
        "x" * 1_000_000,
        identity.sign("short"),
        identity.sign("x" * 65),
        base64.b64encode(good.encode()).decode(),
    ]
    assert [identity.unsign(value) for value in forged] == [None] * len(forged)
    settings.SECRET_KEY = "y" * 50
    assert identity.unsign(good) is None


def test_cookie_outlives_a_change_of_the_sites_key(citizen: Citizen, settings: Settings) -> None:
    good = identity.sign(citizen.secret)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "y" * 50
    assert identity.unsign(good) == citizen.secret


# --- being the author -----------------------------------------------------------------------------------------


def test_only_the_author_is_the_author(
    published: Contribution, citizen: Citizen, another_citizen: Citizen
) -> None:
    assert identity.is_author(published, citizen.secret)
    assert not identity.is_author(published, another_citizen.secret)
    assert not identity.is_author(published, None)


def test_place_of_the_city_has_no_author(campaign: Campaign, citizen: Citizen) -> None:
    stored = submit.submit_city(campaign, Submission("plan", personas.line()))
    assert not identity.is_author(stored, citizen.secret)


def test_reading_makes_no_participant(campaign: Campaign, citizen: Citizen) -> None:
    assert identity.existing_participant(campaign, citizen.secret) is None
    assert identity.existing_participant(campaign, None) is None
    assert not Participant.objects.exists()


# --- the private link -----------------------------------------------------------------------------------------


def test_private_link_opens_its_contribution(published: Contribution) -> None:
    token = identity.edit_token(published.pk)
    assert token == identity.edit_token(published.pk)
    assert token.replace("-", "").replace("_", "").isalnum()
    assert identity.contribution_of_token(token) == published


def test_private_link_ends_with_the_contribution(published: Contribution) -> None:
    token = identity.edit_token(published.pk)
    withdraw(published)
    assert identity.contribution_of_token(token) is None


def test_forged_links_open_nothing(published: Contribution, pending: Contribution) -> None:
    token = identity.edit_token(published.pk)
    raw = base64.urlsafe_b64decode(token + "=")
    other = base64.urlsafe_b64decode(identity.edit_token(pending.pk) + "=")
    encode = lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")  # noqa: E731
    forged = [
        "",
        "x",
        token[:-1],
        token + "=",
        token + "A",
        f" {token}",
        token[:10] + "!" + token[10:],
        token.upper(),
        encode(raw[:16] + bytes(16)),
        encode(raw[:16] + other[16:]),
        encode(raw[:-1]),
        encode(raw + b"\x00"),
        encode(uuid.uuid4().bytes + raw[16:]),
        str(published.pk),
        "ü" * 43,
        "\x00" * 43,
        "\ud800" * 43,
        "A" * 1_000_000,
    ]
    # The last character carries two bits that mean nothing: other spellings of the same bytes do not count.
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    forged += [token[:-1] + character for character in alphabet if character != token[-1]]
    assert [value for value in forged if identity.contribution_of_token(value) is not None] == []


def test_private_link_of_a_contribution_that_never_was_opens_nothing(db: None) -> None:
    assert identity.contribution_of_token(identity.edit_token(uuid.uuid4())) is None


def test_private_link_outlives_a_change_of_the_sites_key(published: Contribution, settings: Settings) -> None:
    token = identity.edit_token(published.pk)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "y" * 50
    assert identity.contribution_of_token(token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert identity.contribution_of_token(token) == published
