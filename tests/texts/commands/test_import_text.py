"""`bin/manage import_text`: a document becomes a version."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mapping.models import Campaign, Category, Contribution
from texts.models import Text, TextVersion

pytestmark = pytest.mark.django_db
FIRST = "# Leitlinien\n\n## Ziele\n\nMehr Grün.\n\n## Verkehr\n\nNur Räder.\n"
SECOND = "# Leitlinien\n\n## Ziele\n\nViel mehr Grün.\n\n## Kosten\n\nZwei Millionen.\n"


def run(campaign: Campaign, path: Path, words: str, *options: str) -> str:
    path.write_text(words, encoding="utf-8")
    out = StringIO()
    call_command("import_text", campaign.slug, "leitlinien", str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def test_document_becomes_a_text_and_the_next_one_its_second_version(
    campaign: Campaign, tmp_path: Path
) -> None:
    said = run(campaign, tmp_path / "a.md", FIRST)
    assert "2 sections" in said
    assert "Version 1 is published" in said
    assert Category.objects.get(slug="leitlinien").title == "Leitlinien"
    goals = Contribution.objects.published().get(title="Ziele")
    run(campaign, tmp_path / "b.md", SECOND, "--note", "Kosten")
    goals.refresh_from_db()
    assert goals.text == "Viel mehr Grün."
    assert [one.note for one in TextVersion.objects.order_by("number")] == ["", "Kosten"]
    gone = Text.objects.get().sections.exclude(gone_since=None).values_list("contribution__title", flat=True)
    assert list(gone) == ["Verkehr"]


def test_draft_is_not_published(campaign: Campaign, tmp_path: Path) -> None:
    assert "draft of version 1" in run(campaign, tmp_path / "a.md", FIRST, "--draft")
    assert not Contribution.objects.filter(category__slug="leitlinien").exists()


def test_nothing_is_stored_of_what_cannot_be_read(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no headings"):
        run(campaign, tmp_path / "a.md", "only text")
    assert not Category.objects.filter(slug="leitlinien").exists()
    with pytest.raises(CommandError, match=r"only|Only"):
        run(campaign, tmp_path / "a.pdf", FIRST)
    run(campaign, tmp_path / "a.md", FIRST)
    with pytest.raises(CommandError, match="see already"):
        run(campaign, tmp_path / "a.md", FIRST)
    with pytest.raises(CommandError, match="missing"):
        call_command("import_text", campaign.slug, "leitlinien", str(tmp_path / "missing.md"))
