"""Dates in files: every spelling of one moment, what can be read in two ways, time zones and their changes."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from mapping.imports.problems import TableProblem
from mapping.imports.reading.dates import DateForm, DateProblem, dates_of, zone_of
from mapping.models import Campaign, Contribution
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import LONLAT, SPOT, row

MORNING = datetime(2026, 5, 21, 8, 47, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 20, 22, 0, tzinfo=UTC)
BERLIN = zone_of("Europe/Berlin")


def moment(cell: object, form: DateForm = DateForm.ANY) -> datetime:
    return dates_of([cell], form, BERLIN).moment_of(cell)[0]


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-21T10:47",
        "2026-05-21 10:47:00",
        "2026-05-21T08:47:00Z",
        "2026-05-21T08:47:00.000+00:00",
        "2026/05/21 10:47:00+02",
        "2026/05/21 10:47",
        "20260521T104700",
        "20260521T084700Z",
        "21.05.2026 10:47",
        "21.5.26 10:47 Uhr",
        "21.05.2026, 10.47 Uhr",
        "21.05.2026 um 10:47:00 Uhr",
        "Do, 21.05.2026 10:47",
        "Donnerstag, 21. Mai 2026, 10:47 Uhr",
        "21. Mai 2026 10:47",
        "21. MAI 2026 10h47",
        "21-May-2026 10:47",
        "21-May-26 10:47",
        "May 21, 2026 10:47 AM",
        "May 21st, 2026 at 10:47",
        "Thu, 21 May 2026 10:47:00 +0200",
        "Thu, 21 May 2026 08:47:00 GMT",
        "21/05/2026 10:47",
        "5/21/2026 10:47 AM",
        "05/21/26 10:47:00 am",
        "21.05.2026 10:47 MESZ",
        "21-05-2026 10:47",
        "1779353220",
        1779353220,
        "1779353220000",
        "1779353220.0",
    ],
)
def test_each_spelling_names_the_same_moment(written: object) -> None:
    assert moment(written) == MORNING


@pytest.mark.parametrize(
    "written",
    [
        "2026-05-21",
        "2026/05/21",
        "20260521",
        "21.05.2026",
        "21.5.26",
        "21. Mai 2026",
        "May 21, 2026",
        "21/05/2026",
    ],
)
def test_date_without_a_time_is_midnight(written: str) -> None:
    assert moment(written) == MIDNIGHT


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (DateForm.DAY_FIRST, "21/05/2026 10:47"),
        (DateForm.MONTH_FIRST, "05.21.2026 10:47"),
        (DateForm.MONTH_FIRST, "2026-05-21 10:47"),
        (DateForm.ISO, "2026-05-21T10:47"),
        (DateForm.UNIX, "1779353220"),
        (DateForm.UNIX_MILLISECONDS, 1779353220000),
        (DateForm.EXCEL, "46163,4493055556"),
    ],
)
def test_form_of_dates_can_be_told(form: DateForm, written: object) -> None:
    assert moment(written, form) == MORNING


def test_other_dates_of_the_column_decide_between_day_and_month() -> None:
    for cells, month in ((["03/04/2026", "21/05/2026"], 4), (["03/04/2026", "05/21/2026"], 3)):
        found, _ = dates_of(cells, DateForm.ANY, BERLIN).moment_of(cells[0])
        assert found.astimezone(BERLIN).month == month
    assert moment("03.04.2026").astimezone(BERLIN).month == 4
    assert moment("03/03/2026").astimezone(BERLIN).month == 3


@pytest.mark.parametrize(
    "cells", [["03/04/2026"], ["03-04-2026"], ["03/04/26 10:00"], ["03/04/2026", "21/05/2026", "05/21/2026"]]
)
def test_dates_that_can_be_read_in_two_ways_are_asked_about(cells: list[str]) -> None:
    with pytest.raises(TableProblem) as asked:
        dates_of(cells, DateForm.ANY, BERLIN)
    assert (asked.value.code, asked.value.params) == ("dates_ambiguous", {"example": cells[0]})


@pytest.mark.parametrize(
    "written",
    ["", None, "unbekannt", "2026-02-30", "31.04.2026", "21.05.", "Mai 2026", "10:47", "2026-05-21 25:00", "2999-01-01",
     "1850-01-01", "21.05.2026 vormittags", "17", "2026", "12345678901", "٢١.٠٥.٢٠٢٦", "2026-05-21T10:47+99:00"],
)  # fmt: skip
def test_what_is_no_date_is_none(written: object) -> None:
    with pytest.raises(DateProblem) as refused:
        moment(written)
    assert refused.value.code == "not_a_date"


def test_hour_that_the_clocks_skip_or_show_twice_is_told() -> None:
    dates = dates_of([], DateForm.ANY, BERLIN)
    skipped = dates.moment_of("2026-03-29 02:30")
    twice = dates.moment_of("2025-10-26 02:30")
    assert skipped == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "time_skipped")
    assert twice == (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "time_twice")
    assert dates.moment_of("2026-03-29T02:30Z")[1] == ""
    assert dates_of([], DateForm.ANY, UTC).moment_of("2026-03-29 02:30")[1] == ""


@pytest.mark.django_db
def test_command_tells_about_the_change_of_clocks(campaign: Campaign, files: Files) -> None:
    cells = ["2026-03-29 02:30", "2025-10-26 02:30", "2026-05-21 10:47"]
    path = files.csv([row(number, at=cell) for number, cell in enumerate(cells)])
    arguments = (campaign.slug, path, *LONLAT, *SPOT, "--id-field", "id", "--time-field", "at")
    told = run("import_contributions", *arguments)
    assert "1 × Times that the change to summer time skips" in told
    assert "1 × Times that exist twice" in told


@pytest.mark.django_db
def test_one_text_among_dates_leaves_the_others_readable(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, at="21.05.2026 10:47"), row(2, at="weiß nicht"), row(3, at="22.05.2026")])
    report = files.folder / "report.csv"
    arguments = (
        campaign.slug,
        path,
        *LONLAT,
        *SPOT,
        "--id-field",
        "id",
        "--time-field",
        "at",
        "--report",
        report,
    )
    assert run("import_contributions", *arguments).startswith("stored 2, known 0, rejected 1")
    assert rejected(report) == [(2, "created", "not_a_date")]
    assert Contribution.objects.get(external_id="1").created_at == MORNING


@pytest.mark.django_db
def test_command_asks_for_the_order_and_takes_form_and_zone(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, at="03/04/2026 10:00")])
    arguments = (campaign.slug, path, *LONLAT, *SPOT, "--id-field", "id", "--time-field", "at")
    with pytest.raises(CommandError, match="--dates day-first or --dates month-first"):
        run("import_contributions", *arguments)
    with pytest.raises(CommandError, match="time zone Nowhere/Land is not known"):
        run("import_contributions", *arguments, "--dates", "day-first", "--time-zone", "Nowhere/Land")
    run("import_contributions", *arguments, "--dates", "month-first", "--time-zone", "UTC")
    assert Contribution.objects.get().created_at == datetime(2026, 3, 4, 10, tzinfo=UTC)
