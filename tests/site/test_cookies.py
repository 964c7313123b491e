"""On HTTPS, cookies of the staff belong to this very host; methods that nobody needs answer nothing."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.personas import staff_browser

NAMES = (
    *("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE"),
    *("CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_COOKIE_SAMESITE"),
    *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
)
READ = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}))
"""


def settings_of(**environment: str) -> dict[str, object]:
    """The settings that a process with this environment reads."""
    told = {"DJANGO_SETTINGS_MODULE": "geoparticipation.settings", "SECRET_KEY": "x" * 50}
    told |= {"DATABASE_URL": "postgis://nobody@127.0.0.1/none"}
    done = subprocess.run(
        [sys.executable, "-c", READ],
        env=os.environ | told | environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_cookies_of_a_public_site() -> None:
    found = settings_of(SITE_URL="https://mitmachen.example.org")
    for cookie in ("SESSION", "CSRF"):
        assert str(found[f"{cookie}_COOKIE_NAME"]).startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] == 31536000
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is False


def test_subdomains_are_bound_on_request_only() -> None:
    found = settings_of(SITE_URL="https://mitmachen.example.org", HSTS_SUBDOMAINS="true")
    assert found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_without_https_browsers_would_refuse_the_prefix() -> None:
    found = settings_of(SITE_URL="http://127.0.0.1:8000")
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("sessionid", "csrftoken")


def test_cookies_are_for_the_host_and_all_of_it(manager: User) -> None:
    """What the prefix demands beside Secure: no domain, and the path `/`."""
    cookies = staff_browser(manager).cookies
    assert cookies
    assert all(not one["domain"] and one["path"] == "/" for one in cookies.values())
    assert settings.CSRF_COOKIE_DOMAIN is None


def test_privacy_page_names_the_cookies_as_they_are_called(db: None) -> None:
    words = Client().get("/privacy/").content.decode()
    assert settings.SESSION_COOKIE_NAME in words
    assert settings.CSRF_COOKIE_NAME in words


@pytest.mark.parametrize("address", ["/healthz", "/api/v1/campaigns/", "/ogc/", "/planning/audit/"])
def test_trace_is_answered_nowhere(db: None, address: str) -> None:
    answer = Client().trace(address, headers={"X-Secret": "a-secret"})
    assert answer.status_code in {302, 404, 405}
    assert b"a-secret" not in answer.getvalue()
