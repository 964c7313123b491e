"""The report of `bin/deploy-check`: all checks whatever one of them does, line by line, one language."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import translation
from pytest_django.fixtures import Settings

from geoparticipation.deployment import checking, configured, surroundings
from geoparticipation.deployment.findings import Finding, error, ok, warning


class Odd(Exception):
    """An exception that no check expects."""


def test_without_a_database_the_rest_is_still_checked(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_self: object) -> None:
        raise OperationalError

    settings.SITE_URL = "http://127.0.0.1:9"
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", away)
    found = {one.subject: one.level for one in checking.findings()}
    assert found["database"] == "error"
    assert "worker" not in found
    assert "backup" in found


def test_check_that_fails_is_a_finding_and_the_others_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[Finding]:
        yield ok("begun", "Fine so far.")
        raise Odd("postgis://user:mellon@10.0.0.11/x is odd\nfurther words")

    settings.SITE_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(checking, "OF_SETTINGS", (broken, configured.debug))
    monkeypatch.setattr(checking, "OF_DATABASE", ())
    monkeypatch.setattr(checking, "OF_SURROUNDINGS", (surroundings.backup,))
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", lambda _: None)
    found = list(checking.findings())
    assert [one.subject for one in found] == ["begun", "broken", "debug", "database", "backup"]
    assert found[1].level == "error"
    assert "Odd: postgis://" in found[1].sentence
    assert "mellon" not in found[1].sentence
    assert "further" not in found[1].sentence


def test_findings_are_printed_as_they_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()

    def found() -> Iterator[Finding]:
        yield ok("a", "Fine.")
        assert out.getvalue() == "ok       a: Fine.\n"
        raise KeyboardInterrupt

    monkeypatch.setattr("geoparticipation.management.commands.deploy_check.findings", found)
    with pytest.raises(KeyboardInterrupt):
        call_command("deploy_check", stdout=out)
    assert out.getvalue() == "ok       a: Fine.\n"


def answers(*found: Finding, arguments: tuple[str, ...] = ()) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geoparticipation.management.commands.deploy_check.findings", lambda: iter(found))
        call_command("deploy_check", *arguments, stdout=out)
    return out.getvalue()


def test_warnings_alone_are_no_failure() -> None:
    said = answers(ok("a", "Fine."), warning("b", "Odd."))
    assert said == "ok       a: Fine.\nwarning  b: Odd.\n"


def test_errors_end_with_status_one() -> None:
    with pytest.raises(CommandError, match="1 of 2 findings") as raised:
        answers(error("a", "Bad."), ok("b", "Fine."))
    assert raised.value.returncode == 1


def test_findings_as_json() -> None:
    assert json.loads(answers(warning("b", "Odd."), arguments=("--json",))) == [
        {"level": "warning", "subject": "b", "sentence": "Odd."}
    ]


def test_findings_are_in_one_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences of pages are among them, whatever the language of the site."""
    asked: list[str | None] = []

    def found() -> Iterator[Finding]:
        asked.append(translation.get_language())
        return iter(())

    monkeypatch.setattr("geoparticipation.management.commands.deploy_check.findings", found)
    with translation.override("de"):
        call_command("deploy_check", stdout=io.StringIO())
        assert translation.get_language() == "de"
    assert asked == ["en"]
