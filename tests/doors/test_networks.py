"""Which network a request comes from: as the outermost trusted proxy saw it, never as the client says."""

import pytest
from django.core import checks
from django.http import HttpRequest
from pytest_django.fixtures import Settings

from doors.checks import limits_are_sensible, proxies_are_counted
from doors.networks import Network, network_of


def request(peer: str, forwarded: str | None = None) -> HttpRequest:
    made = HttpRequest()
    made.META["REMOTE_ADDR"] = peer
    if forwarded is not None:
        made.META["HTTP_X_FORWARDED_FOR"] = forwarded
    return made


def network(peer: str, forwarded: str | None = None) -> Network:
    return network_of(request(peer, forwarded))


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("192.0.2.1", "::ffff:192.0.2.9", True),
        ("192.0.2.1", "::ffff:c000:0209", True),
        ("2001:db8:1:100::1", "2001:db8:1:1ff:ffff::1", True),
        ("2001:db8:1:100::1", "2001:db8:1:200::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("192.0.2.1", "2001:db8::1", False),
        ("nonsense", "", True),
        ("nonsense", "192.0.2.1", False),
    ],
)
def test_a_network_is_a_prefix(one: str, other: str, are_same: bool, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert (network(one) == network(other)) is are_same


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "203.0.113.5", "10.0.0.1"),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "198.51.100.1, 203.0.113.5", "203.0.113.5"),
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "198.51.100.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (1, "203.0.113.5:4711", "203.0.113.5"),
        (1, "[2001:db8:1:100::1]:4711", "2001:db8:1:100::1"),
        (1, "2001:db8:1:100::1", "2001:db8:1:100::1"),
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (3, "203.0.113.5", "10.0.0.1"),
        (1, "198.51.100.1, unknown", "unreadable"),
    ],
)
def test_only_what_trusted_proxies_append_is_believed(
    proxies: int, forwarded: str | None, believed: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = proxies
    found = network("10.0.0.1", forwarded)
    settings.TRUSTED_PROXIES = 0
    assert found == network(believed)


def test_a_network_never_shows_its_address() -> None:
    assert "192" not in f"{network('192.0.2.1')!r} {network('192.0.2.1')}"


@pytest.mark.parametrize(
    ("proxies", "is_behind", "found"),
    [(-1, False, ["doors.E001"]), (0, True, ["doors.E002"]), (1, True, []), (0, False, []), (2, True, [])],
)
def test_check_refuses_a_proxy_that_is_not_counted(
    proxies: int, is_behind: bool, found: list[str], settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if is_behind else None
    assert [one.id for one in proxies_are_counted()] == found


@pytest.mark.parametrize(
    ("limits", "days", "found"),
    [(1.0, 90, []), (0.0, 90, ["doors.W001"]), (-1.0, 90, ["doors.E003"]), (1.0, 0, ["doors.E004"])],
)
def test_check_refuses_limits_that_limit_nothing(
    limits: float, days: int, found: list[str], settings: Settings
) -> None:
    settings.NETWORK_LIMITS = limits
    settings.LOG_IN_RECORD_DAYS = days
    assert [one.id for one in limits_are_sensible()] == found
    assert all(isinstance(one, checks.CheckMessage) for one in limits_are_sensible())
