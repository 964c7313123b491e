"""A campaign with a contribution of every kind, as all formats must tell it."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from mapping.exports.streams import division
from mapping.exports.streams.lanes import CopyConnection
from mapping.models import Campaign, CommentStatus, Contribution, ContributionStatus, Reply
from tests.personas import GOOD_ANSWERS, make_comment, make_contribution, make_support

NASTY = (
    'A "quoted" \\ text\nwith\r\nlines,\ttabs \x01\x0b\x1f and <b>&amp;</b> ]]> {"json": [1]} äöü 🌳; \ufffe'
)
FORMULA = '=HYPERLINK("http://evil.example","Click")'
LONG = "ä" * 300 + "€" * 300
LINE = "LINESTRING(7.7689 49.4447, 7.7687 49.4361, 7.7512345 49.4312345)"
AREA = (
    "POLYGON((7.76 49.44, 7.77 49.44, 7.77 49.45, 7.76 49.45, 7.76 49.44),"
    " (7.762 49.442, 7.762 49.443, 7.763 49.443, 7.763 49.442, 7.762 49.442))"
)


@pytest.fixture(autouse=True)
def _files(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path


@pytest.fixture
def everything(campaign: Campaign) -> list[Contribution]:
    """Places of each type and none, all answers, odd texts; and one that nobody may see."""
    campaign.attribution = "City & Co <data>"
    campaign.save()
    made = [
        make_contribution(campaign, (7.7512345, 49.4312345), category="spot", text=NASTY),
        make_contribution(campaign, LINE, category="street", text=FORMULA),
        make_contribution(campaign, AREA, category="meadow", text=LONG),
        make_contribution(campaign, None, category="idea", text="@no place"),
        make_contribution(campaign, category="survey", text="", answers=GOOD_ANSWERS),
    ]
    make_comment(made[0], "I agree.")
    make_comment(made[0], "-1+1 pending", status=CommentStatus.PENDING)
    make_comment(made[4], "=2+3")
    Reply.objects.create(contribution=made[0], status="planned", text="We will.")
    Reply.objects.create(contribution=made[0], status="done", text="Done.")
    make_support(made[0])
    make_support(made[0], -1)
    make_support(made[0])
    hidden = make_contribution(campaign, status=ContributionStatus.PENDING, text="HIDDEN")
    make_comment(hidden, "HIDDEN too")
    for one in made:
        one.refresh_from_db()
    return made


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(division, "PART", 20)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Which connection each part was asked of."""
    pids: list[int] = []
    begin = CopyConnection.begin

    def noted(lane: CopyConnection, statement: bytes) -> None:
        pids.append(lane.pgconn.backend_pid)
        begin(lane, statement)

    monkeypatch.setattr(CopyConnection, "begin", noted)
    return pids


def download(path: Path, ending: str, query: str = "", slug: str = "fear-spaces") -> Path:
    """Fetch a download as anybody and keep it."""
    response = Client().get(f"/api/v1/campaigns/{slug}/download.{ending}?{query}")
    assert response.status_code == 200, response.getvalue()
    file = path / f"file.{ending}"
    file.write_bytes(response.getvalue())
    return file
