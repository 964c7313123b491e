"""Empty values count as unset, and lists forgive blanks and commas too many."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.deploy.test_settings_file import EXAMPLE, LINE, ROOT

KEY = "k" * 50
MINIMUM = {"SECRET_KEY": KEY, "DATABASE_URL": "postgis://one@db/site"}
PROVIDERS = {"OIDC_ISSUER": "https://a.example", "OIDC_CLIENT_ID": "b", "SAML_METADATA_FILE": "/c"}
READ = """
import json
from geoparticipation import settings
words = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
words["LANGUAGES"] = [code for code, _name in settings.LANGUAGES]
print(json.dumps(words, default=str, sort_keys=True))
"""
COMPUTED = {"EMAIL_FROM"}
"""Settings whose default depends on others, so that the example shows none."""


def run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """A process with these settings and no others."""
    surroundings = {name: value for name, value in os.environ.items() if name not in in_example()}
    surroundings.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-c", READ],
        env=surroundings | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(**environment: str) -> dict[str, Any]:
    done = run(MINIMUM | environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def in_example() -> set[str]:
    return {name for _mark, name, _value in LINE.findall(EXAMPLE.read_text())}


def test_empty_values_are_the_defaults() -> None:
    empty = dict.fromkeys(in_example() - {*MINIMUM, *PROVIDERS}, "")
    assert settings_of(**PROVIDERS, **empty) == settings_of(**PROVIDERS)


def test_blanks_are_empty_values() -> None:
    assert settings_of(VAR_DIR=" ")["VAR_DIR"] == str(ROOT / "var")


def test_lines_left_out_of_the_example_show_true_defaults() -> None:
    """Also those with nothing behind the sign: a default that is something stands there."""
    lines = LINE.findall(EXAMPLE.read_text())
    left_out = {name: value.strip("'") for mark, name, value in lines if mark and name not in PROVIDERS}
    chosen = PROVIDERS | {"BEHIND_PROXY": "true"}
    defaults = settings_of(**chosen)
    assert settings_of(**chosen, **{name: value for name, value in left_out.items() if value}) == defaults
    shown = {name for name, value in left_out.items() if not value} - COMPUTED
    assert {name: defaults[name] for name in shown & {*defaults} if defaults[name]} == {}
    oidc, saml = defaults["STAFF_PROVIDERS"]
    for prefix, provider in (("OIDC_", oidc), ("SAML_", saml)):
        empty = {name.removeprefix(prefix).lower() for name in shown if name.startswith(prefix)}
        assert {name: provider[name] for name in empty & {*provider} if provider[name]} == {}


def test_a_required_value_that_is_empty_stops_the_start() -> None:
    done = run(MINIMUM | {"SECRET_KEY": ""})
    assert done.returncode != 0
    assert '"SECRET_KEY" not set' in done.stderr


@pytest.mark.parametrize("written", [f"{KEY},", f",{KEY}", f" {KEY} , ", f"{KEY},,"])
def test_a_stray_comma_makes_no_empty_key(written: str) -> None:
    """Django accepts whatever is signed with a fallback: everybody knows the empty one."""
    assert settings_of(SECRET_KEY_FALLBACKS=written)["SECRET_KEY_FALLBACKS"] == [KEY]


@pytest.mark.parametrize("written", ["old,", f"{KEY},x", "k" * 49])
def test_short_fallbacks_stop_the_start(written: str) -> None:
    done = run(MINIMUM | {"SECRET_KEY_FALLBACKS": written})
    assert done.returncode != 0
    assert '"SECRET_KEY_FALLBACKS" invalid' in done.stderr
    assert written not in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("ALLOWED_HOSTS", "a.example, b.example,", ["a.example", "b.example"]),
        ("SECURITY_CONTACT", " mailto:a@b.example ,", ["mailto:a@b.example"]),
        (
            "OPARL_SOURCES",
            "https://a.example/1 , https://b.example/2,",
            ["https://a.example/1", "https://b.example/2"],
        ),
        ("SECOND_FACTOR_ROLES", "staff, superuser,", ["staff", "superuser"]),
        ("CITIZEN_OIDC_LEVELS", "one, two", ["one", "two"]),
        ("RETENTION_MONTHS", "texts=12, people=6,", {"texts": 12, "people": 6}),
        ("RETENTION_MONTHS", "off", {}),
        ("REPLICA_DATABASE_URLS", "", []),
        (
            "REPLICA_DATABASE_URLS",
            "postgis://one@first/site ,, postgis://one@/site?host=second,third, ",
            ["postgis://one@first/site", "postgis://one@/site?host=second,third"],
        ),
    ],
)
def test_lists_are_what_stands_between_commas(name: str, written: str, read: object) -> None:
    assert settings_of(**{name: written})[name] == read


def test_an_unknown_word_in_a_list_stops_the_start() -> None:
    done = run(MINIMUM | {"SECOND_FACTOR_ROLES": "staff,king"})
    assert done.returncode != 0
    assert "Unknown role." in done.stderr


def test_a_base_map_is_switched_off_by_a_word() -> None:
    found = settings_of(BASEMAP_COLOUR_URL="off")["BASEMAPS"]
    assert "template=''" in found["colour"]
    assert "basemapde" in found["grey"]


def test_every_list_is_read_by_the_helpers() -> None:
    """`env.list` keeps blanks and empty entries."""
    modules = (ROOT / "geoparticipation" / "settings").glob("*.py")
    assert [path.name for path in modules if "env.list(" in path.read_text()] == []
