"""Batches and numbers of map sheets: in whole files of staff, in nothing that others read."""

from accounts.models import User
from mapping.exports.fields import PAPER_FIELDS
from mapping.exports.formats.package import dictionary
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.models import Campaign
from mapping.services.paper.batches import open_batch
from mapping.services.paper.sheets import PaperPlace, enter_place
from mapping.services.submit import Submission
from tests.personas import make_contribution, point

NAMES = [field.name for field in PAPER_FIELDS]


def columns(selection: Selection, *, is_whole: bool) -> list[str]:
    source = contributions_source(selection, "", is_whole=is_whole)
    return [field.name for field in source.fields if field.name in NAMES]


def test_files_of_staff_hold_batch_and_sheet(campaign: Campaign, moderator: User) -> None:
    staff = Selection(campaign, ContributionFilter(STATUSES))
    make_contribution(campaign)
    assert columns(staff, is_whole=True) == []
    batch = open_batch(campaign, "Rathaus", actor=moderator)
    enter_place(batch, PaperPlace(Submission("spot", point()), sheet=4), actor=moderator)
    assert columns(staff, is_whole=True) == NAMES
    assert columns(staff, is_whole=False) == []
    assert columns(Selection(campaign), is_whole=True) == []
    source = contributions_source(staff, "", is_whole=True)
    rows = source.rows.values_list(*(source.values[name] for name in NAMES))
    assert sorted(rows, key=str) == [("Rathaus", 4), (None, None)]


def test_data_dictionary_of_staff_marks_them(campaign: Campaign, moderator: User) -> None:
    batch = open_batch(campaign, "Rathaus", actor=moderator)
    enter_place(batch, PaperPlace(Submission("spot", point()), sheet=4), actor=moderator)
    head, *rows = dictionary(Selection(campaign, ContributionFilter(STATUSES)))
    readers = {row[head.index("spalte")]: row[head.index("lesbar_für")] for row in rows}
    assert [readers[name] for name in NAMES] == ["nur Mitarbeitende"] * 2
    assert readers["text"] == "alle"
    assert not {row[0] for row in dictionary(Selection(campaign))} & {*NAMES}
