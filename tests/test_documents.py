"""Whatever file or command a document names exists."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md")]
    + list((ROOT / "docs").rglob("*.md"))
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
ROOMS = (
    "bin",
    "deploy",
    ".ci",
    "docs",
    "tests",
    "mapping",
    "accounts",
    "audit",
    "doors",
    "geoparticipation",
    "templates",
    "locale",
)
PATH = re.compile(rf"^(?:{'|'.join(map(re.escape, ROOMS))})/[\w./-]*\w(?=/?$|[\s`])")
COMMAND = re.compile(r"bin/manage ([a-z_]+)")


def called(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=called)
def test_every_linked_file_exists(document: Path) -> None:
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        parts = urlsplit(link)
        if not parts.scheme and parts.path:
            assert (document.parent / parts.path).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=called)
def test_every_file_that_is_named_exists(document: Path) -> None:
    for code in CODE.findall(document.read_text(encoding="utf-8")):
        if found := PATH.match(code):
            assert (ROOT / found.group()).exists(), code


@pytest.mark.parametrize("document", DOCUMENTS, ids=called)
def test_every_command_that_is_named_exists(document: Path) -> None:
    named = set(COMMAND.findall(document.read_text(encoding="utf-8")))
    assert named <= set(get_commands())


def test_contributing_names_files_to_add_to() -> None:
    """The patterns above do find what they are to check."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = {match.group() for code in CODE.findall(text) if (match := PATH.match(code))}
    assert len(found) > 30
    assert "mapping/filters" in found
