"""Makes the demo for tests, or a part of it."""

from io import StringIO

import pytest
from django.core.management import call_command


def run(*arguments: str) -> str:
    """`seed_demo`; what it prints."""
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def only(monkeypatch: pytest.MonkeyPatch, *slugs: str) -> None:
    """A smaller demo, for tests that make it more than once."""
    for module in ("mapping.demo.content", "mapping.demo.seed", "mapping.management.commands.seed_demo"):
        monkeypatch.setattr(f"{module}.SLUGS", slugs)
    # Other apps make campaigns of their own, which have tests of their own.
    for app in ("texts", "voting"):
        monkeypatch.setattr(f"{app}.demo.fill", lambda _report: None)
