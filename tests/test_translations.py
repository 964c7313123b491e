"""German is complete: every string of the sources is in `locale/de`, translated, with its placeholders and markup.

The strings are extracted anew from a copy of the sources, because `makemessages` writes beside them. When a test here
fails, `bin/manage makemessages -l de --no-location --no-wrap --no-obsolete -i node_modules -i .venv -i var -i tests
-i benchmarks` (and the same with `-d djangojs`) brings the catalogue up to date; then translate what is new.
"""

import ast
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

DOMAINS = ("django", "djangojs")
WITHOUT_STRINGS = {"benchmarks", "docs", "fixtures", "locale", "node_modules", "tests", "var"}
# What a translation must carry over: placeholders, markup.
FIXED = re.compile(r"%%|%(?:\(\w+\))?[sdr]|</?[a-z][^>]*>")
# A call with its first string; the second one too where the first is a context.
SCRIPT_CALL = re.compile(
    r"\bn?gettext\(\s*([\"'`])(?P<words>(?:\\.|(?!\1).)+)\1"
    r"|\bn?pgettext\(\s*([\"'`])(?:\\.|(?!\3).)+\3,\s*([\"'`])(?P<words_in_context>(?:\\.|(?!\4).)+)\4",
    re.DOTALL,
)
FOREIGN_NAME = re.compile(
    r"\bimport\b[^\n]*gettext\w* as (?!_\b)\w+|^ +gettext\w* as (?!_\b)\w+", re.MULTILINE
)

base = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `django.po` and `djangojs.po` as the sources need them, without translations."""
    root = tmp_path_factory.mktemp("sources")
    for folder in source_folders():
        shutil.copytree(folder, root / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    locale = root / "locale"
    locale.mkdir()
    with override_settings(LOCALE_PATHS=[locale]), chdir(root):
        for domain in DOMAINS:
            call_command("makemessages", locale=["de"], domain=domain, no_location=True, verbosity=0)
    return locale / "de" / "LC_MESSAGES"


def source_folders() -> list[Path]:
    """The folders of the checkout in which strings may stand."""
    return [
        folder
        for folder in sorted(base.iterdir())
        if folder.is_dir() and not folder.name.startswith(".") and folder.name not in WITHOUT_STRINGS
    ]


def catalogue(domain: str) -> Path:
    """The translations that are kept with the sources."""
    return base / "locale" / "de" / "LC_MESSAGES" / f"{domain}.po"


def said(*command: str | Path) -> tuple[int, str]:
    """How a gettext tool ended, and what it said."""
    done = subprocess.run(list(command), capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def entries(path: Path) -> Iterator[dict[str, str]]:
    """Each entry of a catalogue as keyword -> text; the header comes first, with an empty `msgid`."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            name, quote, rest = line.partition('"')
            keyword = name.strip() or keyword
            entry[keyword] = entry.get(keyword, "") + ast.literal_eval(quote + rest)
        if entry:
            yield entry


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_is_translated(extracted: Path, domain: str) -> None:
    """`msgcmp` wants each extracted string to be there, translated and not fuzzy."""
    status, words = said("msgcmp", catalogue(domain), extracted / f"{domain}.po")
    assert status == 0, words


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_translation_is_left_over(extracted: Path, domain: str) -> None:
    def keys(path: Path) -> set[tuple[str, str]]:
        return {(entry.get("msgctxt", ""), entry["msgid"]) for entry in entries(path)}

    assert keys(catalogue(domain)) - keys(extracted / f"{domain}.po") == set()
    assert "\n#~ " not in catalogue(domain).read_text(encoding="utf-8")


@pytest.mark.parametrize("domain", DOMAINS)
def test_catalogue_is_well_formed(domain: str, tmp_path: Path) -> None:
    status, words = said("msgfmt", "--check", "--output-file", tmp_path / "compiled.mo", catalogue(domain))
    assert status == 0, words


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_and_markup_are_carried_over(domain: str) -> None:
    for entry in entries(catalogue(domain)):
        originals = [
            Counter(FIXED.findall(entry[name])) for name in ("msgid", "msgid_plural") if name in entry
        ]
        for name, translation in entry.items():
            if entry["msgid"] and name.startswith("msgstr"):
                assert Counter(FIXED.findall(translation)) in originals, translation


@pytest.mark.parametrize("domain", DOMAINS)
def test_german_quotes_come_in_pairs(domain: str) -> None:
    for entry in entries(catalogue(domain)):
        for name, translation in entry.items():
            if name.startswith("msgstr"):
                assert translation.count("„") == translation.count("“"), translation
                assert "”" not in translation


def test_no_string_of_the_scripts_escapes_extraction(extracted: Path) -> None:
    """xgettext reads JavaScript by its own lights; a literal that it does not understand would go untranslated."""
    known = {entry["msgid"] for entry in entries(extracted / "djangojs.po")}
    scripts = [script for folder in source_folders() for script in folder.rglob("static/**/*.js")]
    found = {
        (script.name, match["words"] or match["words_in_context"])
        for script in scripts
        for match in SCRIPT_CALL.finditer(script.read_text(encoding="utf-8"))
    }
    assert found
    assert {(script, words) for script, words in found if words.replace('\\"', '"') not in known} == set()


def test_gettext_is_called_by_a_name_that_xgettext_knows() -> None:
    hidden = [
        source
        for folder in source_folders()
        for source in folder.rglob("*.py")
        if FOREIGN_NAME.search(source.read_text(encoding="utf-8"))
    ]
    assert hidden == []


def test_no_string_hides_within_an_f_string() -> None:
    """xgettext does not look into f-strings; a string that is given to `gettext` there would go untranslated."""
    hidden = [
        f"{source}:{call.lineno}"
        for folder in source_folders()
        for source in folder.rglob("*.py")
        for text in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and (call.func.id == "_" or "gettext" in call.func.id)
    ]
    assert hidden == []


def test_home_is_german_until_somebody_chooses_english(client: Client, db: None) -> None:
    german = client.get("/").content.decode()
    assert '<html lang="de">' in german
    assert "Mitmachen" in german
    assert "Take part" not in german
    client.post(reverse("set-language"), {"language": "en", "next": "/"})
    english = client.get("/").content.decode()
    assert '<html lang="en">' in english
    assert "Take part" in english
    assert "Mitmachen" not in english


def test_scripts_are_given_german_words(client: Client, db: None) -> None:
    """The catalogue escapes what is not ASCII, hence words without umlauts."""
    words = client.get(reverse("javascript-catalog")).content.decode()
    assert "Ihr Ort ist markiert." in words
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Ihr Ort ist markiert." not in client.get(reverse("javascript-catalog")).content.decode()
