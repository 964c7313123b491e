"""A third language is one catalogue and a setting: pages of each kind in a pseudo-language made from the German one.

Its words are the English ones in brackets, so that a word without brackets is one that cannot be translated.
"""

import re
import subprocess
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import translation
from pytest_django.fixtures import Settings

from mapping.models import Campaign
from tests import personas

PSEUDO = "eo"
_STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
_SILENT = {"script", "style", "svg"}
_SAME = re.compile(r"^[\W\d_]*$")
# Names, which are the same in all languages.
NAMES = {
    "csrftoken",
    "django_language",
    "content_language",
    "participant",
    "embed_probe",
    "kiosk",
    "messages",
    "sessionid",
    "DE",
    "EN",
    "EO",
    "Kaiserslautern",
    "JavaScript",
    "API",
    "PDF",
    "CSV",
}


def pseudo(catalogue: str) -> str:
    """The catalogue with each translation made of its English words."""
    made = []
    for block in catalogue.split("\n\n"):
        found = dict(re.findall(r'^(msgid(?:_plural)?) ((?:"(?:\\.|[^"\\])*"\n?)+)', block, re.MULTILINE))
        words = {name: "".join(_STRING.findall(text)) for name, text in found.items()}
        if not words.get("msgid"):
            made.append(block)
            continue
        context = re.findall(r'^msgctxt .*(?:\n".*)*', block, re.MULTILINE)
        flags = re.findall(r"^#,.*", block, re.MULTILINE)
        lines = [*flags, *context, f'msgid "{words["msgid"]}"']
        if "msgid_plural" in words:
            lines += [f'msgid_plural "{words["msgid_plural"]}"']
            lines += [
                f'msgstr[0] "{_marked(words["msgid"])}"',
                f'msgstr[1] "{_marked(words["msgid_plural"])}"',
            ]
        else:
            lines.append(f'msgstr "{_marked(words["msgid"])}"')
        made.append("\n".join(lines))
    return "\n\n".join(made) + "\n"


def _marked(words: str) -> str:
    """In brackets, within line ends, which gettext wants at the same places."""
    start = "\\n" if words.startswith("\\n") else ""
    end = "\\n" if words.endswith("\\n") else ""
    return f"{start}⟦{words[len(start) : len(words) - len(end)]}⟧{end}"


@pytest.fixture
def third(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The site with a third language."""
    folder = tmp_path / PSEUDO / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for domain in ("django", "djangojs"):
        german = Path(site.BASE_DIR) / "locale" / "de" / "LC_MESSAGES" / f"{domain}.po"
        (folder / f"{domain}.po").write_text(pseudo(german.read_text(encoding="utf-8")), encoding="utf-8")
        command = [
            "msgfmt",
            "--check-format",
            "-o",
            str(folder / f"{domain}.mo"),
            str(folder / f"{domain}.po"),
        ]
        subprocess.run(command, check=True)
    settings.LANGUAGES = [*site.LANGUAGES, (PSEUDO, "Esperanto")]
    settings.LOCALE_PATHS = [tmp_path, *site.LOCALE_PATHS]
    yield
    translation.activate(site.LANGUAGE_CODE)


class Words(HTMLParser):
    """Texts of a page that are in no brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.depth = 0
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside:
            return
        outside = ""
        for sign in data:
            self.depth += (sign == "⟦") - (sign == "⟧")
            if not self.depth and sign != "⟧":
                outside += sign
        words = " ".join(outside.split()).strip("·–:(), ")
        if words and not _SAME.match(words) and words not in NAMES:
            self.found.add(words)


PAGES = (
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/accessibility/report/sent/",
    "/accounts/login/",
    "/no/page/",
)


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_in_the_third_language(client: Client, db: None, third: None, path: str) -> None:
    client.cookies["django_language"] = PSEUDO
    page = client.get(path).content.decode()
    assert f'<html lang="{PSEUDO}">' in page
    assert "⟦" in page
    words = Words()
    words.feed(page)
    left = {word for word in words.found if len(word) > 3 and "city.example" not in word}
    # An address, the name of a cookie, and the id of the request.
    assert {one for one in left if not re.fullmatch("[0-9a-f]{32}", one)} <= {
        "http://127.0.0.1:8000",
        "log-in-at",
    }


@pytest.mark.parametrize("path", ["", "heatmap/", "data/", "contribute/"])
def test_campaigns_have_their_own_words_and_no_others(
    client: Client, campaign: Campaign, third: None, path: str
) -> None:
    client.cookies["django_language"] = PSEUDO
    page = client.get(f"{campaign.get_absolute_url()}{path}").content.decode()
    assert f'<html lang="{PSEUDO}">' in page
    assert campaign.title in page
    for german in ("Barrierefreiheit", "Datenschutz", "Kategorie", "Beteiligung"):
        assert german not in page


def test_scripts_get_its_words(client: Client, db: None, third: None) -> None:
    client.cookies["django_language"] = PSEUDO
    catalogue = client.get("/jsi18n/").content.decode()
    assert "⟦Your place is marked.⟧" in catalogue


def test_staff_pages_and_errors_of_forms_are_in_it(client: Client, db: None, third: None) -> None:
    boss = personas.staff_browser(personas.make_user("boss@example.org", is_staff=True, is_superuser=True))
    boss.cookies["django_language"] = PSEUDO
    assert "⟦Accessibility⟧" in boss.get("/planning/").content.decode()
    client.cookies["django_language"] = PSEUDO
    wrong = client.post("/accounts/login/", {"username": "x@example.org", "password": "guess"})
    assert "⟦" in wrong.content.decode().partition('role="alert"')[2][:300]


def test_switch_offers_it(client: Client, db: None, third: None) -> None:
    page = client.get("/help/").content.decode()
    assert f'value="{PSEUDO}"' in page
    client.post("/language/", {"language": PSEUDO, "next": "/help/"})
    assert "⟦Help" in client.get("/help/").content.decode()
