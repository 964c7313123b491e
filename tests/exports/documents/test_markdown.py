"""Titles that look like Markdown or HTML are words in the notes of a package."""

import html
import io
import re
import zipfile

import pytest
from django.test import Client
from markdown_it import MarkdownIt

from mapping.exports.documents.markdown import in_markdown
from mapping.models import Campaign

TEXTS = [
    "Angst-Räume in der Stadt (2026): Wo? 50 % & mehr!",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[hier](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "<http://evil.example>",
    "http://evil.example und www.evil.example",
    "[a]: http://evil.example",
    "# Titel #",
    "=====",
    "---",
    "***fett*** _kursiv_ ~~weg~~",
    "- Liste",
    "+ Liste",
    "1. Liste",
    "1) Liste",
    "> Zitat",
    "a | b",
    "`code` und ``code``",
    "```",
    "\\<b>\\",
    "&lt;b&gt; &#60;",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("before", ["# ", "", "Kontakt: ", "Vorher\n", "| a | b |\n| --- | --- |\n| x | "])
def test_text_in_markdown_is_shown_as_it_is(text: str, before: str) -> None:
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(before + in_markdown(text))
    inline = html.unescape(re.sub(r"</?(?:h1|p|table|thead|tbody|tr|th|td)>", "", shown))
    assert inline.split()[-len(text.split()) :] == text.split()


def test_line_breaks_and_blanks_become_one_blank() -> None:
    assert in_markdown("Eine\n\n# Zeile\t ") == "Eine \\# Zeile"


def test_notes_of_a_package_hold_no_markup_of_titles(campaign: Campaign) -> None:
    for name in ("title", "summary", "organiser", "contact"):
        setattr(campaign, name, f"<b>{name}</b> [x](http://evil.example)\n# y")
    campaign.save()
    answer = Client().get(f"/api/v1/campaigns/{campaign.slug}/download.package.zip")
    notes = zipfile.ZipFile(io.BytesIO(answer.getvalue())).read("LIESMICH.md").decode()
    shown = MarkdownIt("commonmark", {"html": True}).render(notes)
    assert "<b>" not in shown
    assert 'evil.example"' not in shown
    assert shown.count("<h1>") == 1
    for name in ("title", "summary", "organiser", "contact"):
        assert f"&lt;b&gt;{name}&lt;/b&gt;" in shown
