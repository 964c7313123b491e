"""`bin/manage import_pabulib`."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from mapping.models import Campaign
from tests.voting.counting.pabulib.test_pabulib import GOOD
from voting.models import Vote

pytestmark = pytest.mark.django_db


def run(campaign: Campaign, text: str | bytes, folder: Path, *options: str) -> str:
    """What the command writes for a file of this text."""
    path = folder / "vote.pb"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    out = io.StringIO()
    call_command("import_pabulib", campaign.slug, str(path), *options, stdout=out, stderr=out)
    return out.getvalue()


def test_file_becomes_a_vote(campaign: Campaign, tmp_path: Path) -> None:
    text = GOOD.replace("rule;greedy", "moon;full")
    said = run(campaign, text, tmp_path, "--category", "budget")
    assert "key moon is not known" in said
    assert "3 projects and 3 ballots (approval) are stored in the category budget." in said
    vote = Vote.objects.get()
    assert (vote.category.slug, vote.category.title) == ("budget", "Budget of the town")
    assert vote.ballots.count() == 3


def test_dry_run_stores_nothing(campaign: Campaign, tmp_path: Path) -> None:
    assert "Nothing was stored" in run(campaign, GOOD, tmp_path, "--dry-run")
    assert not Vote.objects.exists()


def test_wrong_files_are_refused_in_one_sentence(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Line 15: The voter a comes a second time\."):
        run(campaign, GOOD.replace("b;;;", "a;;;"), tmp_path)
    with pytest.raises(CommandError, match="not UTF-8"):
        run(campaign, GOOD.encode("utf-16"), tmp_path)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_pabulib", campaign.slug, str(tmp_path / "missing.pb"))
    with pytest.raises(CommandError):
        run(campaign, GOOD, tmp_path, "--category", "spot")
    assert not Vote.objects.exists()
