"""`create_api_token` prints a working token and nothing else."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from accounts.models import ApiToken, User
from tests.importing.conftest import run


def test_token_stands_for_the_user(analyst: User) -> None:
    printed = run("create_api_token", "ANALYST@example.org", "--name", "QGIS")

    assert printed.count("\n") == 1
    assert ApiToken.user_of(printed.strip()) == analyst
    assert ApiToken.objects.get().name == "QGIS"
    assert printed.strip().encode() not in bytes(ApiToken.objects.get().digest)


def test_token_for_some_days(analyst: User) -> None:
    run("create_api_token", analyst.email, "--days", 30)
    expires_at = ApiToken.objects.get().expires_at
    assert expires_at is not None
    assert timedelta(days=29) < expires_at - timezone.now() <= timedelta(days=30)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nobody@example.org",), "There is no user nobody@example.org"),
        (("analyst@example.org", "--days", "0"), "at least 1"),
    ],
)
def test_wrong_options_make_no_token(analyst: User, arguments: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("create_api_token", *arguments)
    assert not ApiToken.objects.exists()
    assert User.objects.count() == 1


def test_inactive_user_gets_none(analyst: User) -> None:
    analyst.is_active = False
    analyst.save()
    with pytest.raises(CommandError, match="not active"):
        run("create_api_token", analyst.email)
