"""`seed_demo` leaves what is not its own alone, and sites of others."""

import pytest
from django.core.management import CommandError
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.demo import seed
from mapping.models import Campaign
from tests.demo.seeding import only, run


def test_campaigns_and_users_of_that_name_are_left_alone(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "spielplaetze", "hitze")
    mine = Campaign.objects.create(slug="hitze", title="Mine")
    user = User.objects.create_user(seed.ANALYST, "another password")
    run()
    mine.refresh_from_db()
    user.refresh_from_db()
    assert (mine.title, mine.contributions.count()) == ("Mine", 0)
    assert user.check_password("another password")
    assert Campaign.objects.count() == 2


def test_public_site_refuses_known_passwords(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "spielplaetze")
    settings.HTTPS = True
    settings.SITE_URL = "https://example.org"
    with pytest.raises(CommandError, match="--force"):
        run()
    assert not User.objects.exists()
    run("--force")
    assert User.objects.count() == 3


def test_today_is_midnight_in_the_city() -> None:
    assert timezone.localtime(seed.today()).strftime("%H:%M:%S") == "00:00:00"
