"""`create_api_token` prints a working token and nothing else."""

from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from accounts.models import ApiToken, User
from tests.imports.conftest import run


def test_token_stands_for_the_user(analyst: User) -> None:
    printed = run("create_api_token", "ANALYST@example.org", "--name", "QGIS")

    assert printed.count("\n") == 1
    issued = ApiToken.find(printed.strip())
    assert issued is not None
    assert (issued.user, issued.name, issued.may_write) == (analyst, "QGIS", False)
    assert printed.strip().encode() not in bytes(ApiToken.objects.get().digest)


def test_token_for_some_days(analyst: User) -> None:
    run("create_api_token", analyst.email, "--days", 30)
    expires_at = ApiToken.objects.get().expires_at
    assert expires_at is not None
    assert timedelta(days=29) < expires_at - timezone.now() <= timedelta(days=30)


def test_token_ends_after_ninety_days_unless_told_otherwise(analyst: User) -> None:
    run("create_api_token", analyst.email)
    expires_at = ApiToken.objects.get().expires_at
    assert expires_at is not None
    assert timedelta(days=89) < expires_at - timezone.now() <= timedelta(days=90)


def test_token_that_may_write(analyst: User) -> None:
    issued = ApiToken.find(run("create_api_token", analyst.email, "--scope", "write").strip())
    assert issued is not None
    assert issued.may_write


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nobody@example.org",), "There is no user nobody@example.org"),
        (("analyst@example.org", "--days", "0"), "at least 1"),
        (("analyst@example.org", "--days", "367"), "at most 366"),
        (("analyst@example.org", "--scope", "all"), "invalid choice"),
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
