"""The digest of a person: steady within a campaign, unrelated elsewhere, never made anew unnoticed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, OpenTo, PairwiseKey, Participant, Source
from mapping.services import identity
from mapping.services.errors import Invalid, NotAllowed, SignInNeeded
from mapping.services.setup.changes import change
from mapping.services.signing_in.pairwise import digest_in, secret_of_person
from tests import personas
from tests.personas import Citizen
from tests.signing_in.provider import signed_in_only, use

ISSUER = "https://id.example"


def test_same_person_has_the_same_digest(campaign: Campaign) -> None:
    first = secret_of_person(campaign, ISSUER, "ada")
    assert secret_of_person(campaign, ISSUER, "ada") == first
    assert secret_of_person(campaign, ISSUER, "bob") != first
    assert identity.participant_for(campaign, first).key == digest_in(first)


@pytest.mark.parametrize("other", ["https://id.example/", "https://id.exampl", "https://id.example.org", ""])
def test_another_provider_makes_nobody_anew(campaign: Campaign, other: str) -> None:
    before = secret_of_person(campaign, ISSUER, "ada")
    with pytest.raises(NotAllowed, match="sign_in_key_lost"):
        secret_of_person(campaign, other, "ada")
    assert secret_of_person(campaign, ISSUER, "ada") == before


def test_campaigns_do_not_share_digests(campaign: Campaign, cells_campaign: Campaign) -> None:
    assert secret_of_person(campaign, ISSUER, "ada") != secret_of_person(cells_campaign, ISSUER, "ada")


def test_new_site_key_keeps_people_the_same_while_the_old_one_is_a_fallback(
    campaign: Campaign, settings: Settings
) -> None:
    before = secret_of_person(campaign, ISSUER, "ada")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-fifty-letters-another-key-of-fifty-l"
    assert secret_of_person(campaign, ISSUER, "ada") == before
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(NotAllowed, match="sign_in_key_lost"):
        secret_of_person(campaign, ISSUER, "ada")


def test_key_goes_with_its_campaign(campaign: Campaign) -> None:
    secret_of_person(campaign, ISSUER, "ada")
    campaign.delete()
    assert not PairwiseKey.objects.exists()


def test_nobody_signs_in_as_a_new_person_once_the_key_is_gone(campaign: Campaign) -> None:
    identity.participant_for(campaign, secret_of_person(campaign, ISSUER, "ada"))
    PairwiseKey.objects.all().delete()
    with pytest.raises(NotAllowed, match="sign_in_key_lost"):
        secret_of_person(campaign, ISSUER, "ada")
    assert not PairwiseKey.objects.exists()


def test_people_who_never_sign_in_keep_nobody_from_doing_so(campaign: Campaign) -> None:
    """Sheets of paper and imported files may come first."""
    for source in (Source.PAPER, Source.IMPORT):
        personas.make_contribution(campaign, source=source)
    elsewhere = personas.make_contribution(campaign, source=Source.IMPORT)
    personas.make_support(elsewhere)
    assert secret_of_person(campaign, ISSUER, "ada")


@pytest.mark.parametrize(
    "secret", [None, "", "x" * 43, "signed-in.", "signed-in.AAAA", "signed-in.\xe4" + "A" * 42]
)
def test_other_secrets_hold_no_digest(secret: str | None) -> None:
    assert digest_in(secret) is None


def test_random_secrets_are_never_taken_for_digests() -> None:
    assert not any(digest_in(identity.new_secret()) for _ in range(100))


TAKES_PART = [
    ("anyone", False, True),
    ("anyone", True, True),
    ("signed_in", False, False),
    ("signed_in", True, True),
]


@pytest.mark.parametrize(("open_to", "is_signed_in", "expected"), TAKES_PART)
def test_who_may_take_part(open_to: str, is_signed_in: bool, expected: bool) -> None:
    assert rules.may_take_part(Campaign(open_to=open_to), is_signed_in=is_signed_in) is expected


def test_no_row_is_made_for_who_did_not_sign_in(campaign: Campaign, citizen: Citizen) -> None:
    signed_in_only(campaign)
    with pytest.raises(SignInNeeded):
        identity.participant_for(campaign, citizen.secret)
    assert not Participant.objects.exists()


@pytest.mark.parametrize("now", list(OpenTo))
def test_who_may_take_part_stays_once_somebody_has(
    campaign: Campaign, manager: User, settings: Settings, now: OpenTo
) -> None:
    use(settings, ISSUER)
    other = OpenTo.ANYONE if now == OpenTo.SIGNED_IN else OpenTo.SIGNED_IN
    Campaign.objects.filter(pk=campaign.pk).update(open_to=now)  # both ways while nobody did
    person = personas.make_participant(campaign)
    with pytest.raises(IntegrityError, match="could count twice"), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(open_to=other)
    campaign.refresh_from_db()
    campaign.open_to = other
    with pytest.raises(ValidationError, match="doppelt zählen"):
        campaign.full_clean()
    with pytest.raises(Invalid):
        change(campaign, manager, "publication", {"open_to": other})
    person.delete()
    change(campaign, manager, "publication", {"open_to": other})


def test_other_values_of_the_campaign_still_change(
    campaign: Campaign, manager: User, settings: Settings
) -> None:
    use(settings, ISSUER)
    signed_in_only(campaign)
    personas.make_participant(campaign)
    change(campaign, manager, "publication", {"allows_photos": False})
