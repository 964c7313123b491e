"""`import_contributions`: what a row becomes, running it again, options, the report."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError
from pytest_django.fixtures import Settings

from mapping.aggregation import footprint
from mapping.imports.contributions import _Importer
from mapping.models import Campaign, Contribution, Footprint, ModerationEvent, Withdrawal
from mapping.services import erase, identity
from tests import personas
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import LONLAT, SPOT, row
from tests.personas import STATION, TOWN_HALL

pytestmark = pytest.mark.django_db


def test_points_are_published_with_footprint_and_record(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, TOWN_HALL), row(2, STATION)])

    said = run("import_contributions", campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)

    assert said == "stored 2, known 0, rejected 0\n"
    first = Contribution.objects.get(external_id="1")
    assert (first.status, first.source, first.category.slug) == ("published", "import", "spot")
    assert first.participant is None
    assert first.geom is not None
    assert first.geom.coords == pytest.approx(TOWN_HALL)
    assert Footprint.objects.filter(contribution=first, status=1).count() == 1
    assert ModerationEvent.objects.get(contribution=first).to_status == "published"
    assert footprint.rebuild(campaign).differences == 0


def test_second_run_stores_nothing_and_changes_nothing(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1), row(2, STATION)])
    arguments = (campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)
    run("import_contributions", *arguments)
    Contribution.objects.filter(external_id="1").update(status="rejected")

    assert run("import_contributions", *arguments) == "stored 0, known 2, rejected 0\n"
    assert Contribution.objects.get(external_id="1").status == "rejected"


def test_without_ids_the_whole_row_tells_what_is_known(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1), row(1), row(2)])
    arguments = (campaign.slug, path, *LONLAT, *SPOT)

    assert run("import_contributions", *arguments).startswith("stored 3, known 0")
    assert run("import_contributions", *arguments).startswith("stored 0, known 3")
    files.csv([row(1), row(1), row(2), row(1)])
    assert run("import_contributions", *arguments).startswith("stored 1, known 3")


def test_withdrawn_contribution_does_not_come_back(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1)])
    arguments = (campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)
    run("import_contributions", *arguments)
    erase.withdraw(Contribution.objects.get())

    assert run("import_contributions", *arguments) == "stored 0, known 1, rejected 0\n"
    assert not Contribution.objects.exists()


def test_what_earlier_versions_imported_and_somebody_withdrew_does_not_come_back(
    campaign: Campaign, files: Files
) -> None:
    """Their ids were a mere hash of the number in the source; those of today cannot be found without the key."""
    path = files.csv([row(1)])
    arguments = (campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)
    run("import_contributions", *arguments)
    stored = Contribution.objects.get()
    first, *_fallbacks, earlier = identity.imported_ids(campaign, str(stored.external_id))
    assert stored.pk == first
    assert (first.version, earlier.version) == (8, 5)
    stored.delete()
    Withdrawal.objects.create(digest=Withdrawal.digest_of(earlier), campaign=campaign)
    assert run("import_contributions", *arguments) == "stored 0, known 1, rejected 0\n"
    assert not Contribution.objects.exists()


def test_id_of_an_import_depends_on_the_key_of_the_site(campaign: Campaign, settings: Settings) -> None:
    before, *_earlier = identity.imported_ids(campaign, "Questionnaire 17")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    after, second, _unkeyed = identity.imported_ids(campaign, "Questionnaire 17")
    assert after != before == second


def test_same_ids_in_two_campaigns_are_different_contributions(
    campaign: Campaign, post_campaign: Campaign, files: Files
) -> None:
    path = files.csv([row(1)])
    for one in (campaign, post_campaign):
        assert run("import_contributions", one.slug, path, *LONLAT, "--id-field", "id", *SPOT).startswith(
            "stored 1"
        )


def test_interrupted_import_continues(
    campaign: Campaign, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.imports.reading.sheets.table._BATCH", 2)
    path = files.csv([row(number) for number in range(7)])
    arguments = (campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)
    store = _Importer.store

    def interrupted(self: _Importer, batch: list[object]) -> None:
        if self.report.stored == 4:
            raise KeyboardInterrupt
        store(self, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(_Importer, "store", interrupted)
    with pytest.raises(CommandError, match="goes on where this one stopped"):
        run("import_contributions", *arguments)
    assert Contribution.objects.count() == 4

    monkeypatch.setattr(_Importer, "store", store)
    assert run("import_contributions", *arguments) == "stored 3, known 4, rejected 0\n"


def test_batch_is_stored_as_a_whole_or_not_at_all(
    campaign: Campaign, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_ids: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(footprint, "write_many", broken)
    with pytest.raises(RuntimeError):
        run("import_contributions", campaign.slug, files.csv([row(1)]), *LONLAT, *SPOT)
    assert not Contribution.objects.exists()
    assert not ModerationEvent.objects.exists()


def test_categories_by_title_or_short_name(campaign: Campaign, files: Files) -> None:
    campaign.categories.filter(slug="spot").update(title="Dunkler Ort")
    path = files.csv([row(1, kind="Dunkler Ort"), row(2, kind="spot"), row(3, kind="anything")])

    run("import_contributions", campaign.slug, path, *LONLAT, "--category-field", "kind")

    assert Contribution.objects.filter(category__slug="spot").count() == 2


def test_missing_categories_are_made_with_different_looks(files: Files) -> None:
    campaign = personas.make_campaign("empty", with_categories=False)
    path = files.csv(
        [row(1, kind="Größere Bäume"), row(2, kind="Straße/Gehweg"), row(3, kind="Größere Bäume")]
    )
    arguments = (
        campaign.slug,
        path,
        *LONLAT,
        "--id-field",
        "id",
        "--category-field",
        "kind",
        "--create-categories",
    )

    run("import_contributions", *arguments)
    run("import_contributions", *arguments)

    made = list(campaign.categories.values_list("slug", "title", "geometry_types", "marker", "colour"))
    assert made == [
        ("groessere-baeume", "Größere Bäume", ["point"], "circle", "blue"),
        ("strassegehweg", "Straße/Gehweg", ["point"], "square", "orange"),
    ]


def test_one_category_is_made_for_all_rows(files: Files) -> None:
    campaign = personas.make_campaign("empty", with_categories=False)
    run(
        "import_contributions",
        campaign.slug,
        files.csv([row(1)]),
        *LONLAT,
        "--category",
        "Lärm",
        "--create-categories",
    )
    run("import_contributions", campaign.slug, files.csv([row(2)]), *LONLAT)

    assert campaign.categories.get().title == "Lärm"
    assert campaign.contributions.count() == 2


def test_no_category_is_made_for_rejected_rows(files: Files) -> None:
    campaign = personas.make_campaign("empty", with_categories=False)
    path = files.csv([row(1, kind="a"), row(2, personas.OUTSIDE, kind="b")])
    run(
        "import_contributions",
        campaign.slug,
        path,
        *LONLAT,
        "--category-field",
        "kind",
        "--create-categories",
    )
    assert [category.title for category in campaign.categories.all()] == ["a"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-05-01", datetime(2024, 4, 30, 22, tzinfo=UTC)),
        ("2024-05-01T10:30:00", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("2024-05-01 10:30", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
        ("2024-05-01T10:30:00Z", datetime(2024, 5, 1, 10, 30, tzinfo=UTC)),
        ("2024-05-01T10:30:00+05:00", datetime(2024, 5, 1, 5, 30, tzinfo=UTC)),
        ("01.05.2024", datetime(2024, 4, 30, 22, tzinfo=UTC)),
        ("01.05.2024 10:30", datetime(2024, 5, 1, 8, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_times(campaign: Campaign, files: Files, written: str, expected: datetime, form: str) -> None:
    if form == "csv":
        arguments: tuple[object, ...] = (files.csv([row(1, at=written)]), *LONLAT)
    else:
        arguments = (files.geojson([(personas.point(), {"at": written})]),)
    run("import_contributions", campaign.slug, *arguments, *SPOT, "--time-field", "at")
    assert Contribution.objects.get().created_at == expected


def test_people_are_told_apart_but_not_kept(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, who="Alice"), row(2, who="Bob"), row(3, who="Alice"), row(4, who="")])

    run(
        "import_contributions",
        campaign.slug,
        path,
        *LONLAT,
        "--id-field",
        "id",
        *SPOT,
        "--participant-field",
        "who",
    )

    by_id = {one.external_id: one.participant_id for one in Contribution.objects.all()}
    assert by_id["1"] == by_id["3"] != by_id["2"]
    assert by_id["4"] is None
    assert campaign.participants.count() == 2
    assert not any(b"Alice" in bytes(person.key) for person in campaign.participants.all())


def test_answers_of_every_kind(campaign: Campaign, files: Files) -> None:
    fields = {
        "text": " near the bridge ",
        "long-text": "The lamps are broken.\nSince March.",
        "single-choice": "At night",
        "multiple-choice": "night; By day",
        "scale": "4",
        "number": "12,5",
        "yes-no": "Ja",
        "time-of-day": "22:30",
        "date": "21.6.2026",
        "part-of-day": "Am Abend (18 bis 22 Uhr)",
        "picture-choice": "By day",
        "ranking": "At night; day",
    }
    path = files.csv([row(1, **fields)])
    wanted = [part for slug in fields for part in ("--answer", f"{slug}={slug}")]

    run("import_contributions", campaign.slug, path, *LONLAT, "--category", "survey", *wanted)

    assert Contribution.objects.get().answers == personas.GOOD_ANSWERS


def test_required_answers_may_be_missing(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, scale="")])
    said = run(
        "import_contributions",
        campaign.slug,
        path,
        *LONLAT,
        "--category",
        "survey",
        "--answer",
        "scale=scale",
    )
    assert said.startswith("stored 1")
    assert Contribution.objects.get().answers == {}


def test_status_and_source(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1)])
    run(
        "import_contributions",
        campaign.slug,
        path,
        *LONLAT,
        *SPOT,
        "--status",
        "pending",
        "--source",
        "paper",
    )
    stored = Contribution.objects.get()
    assert (stored.status, stored.source) == ("pending", "paper")
    assert not Contribution.objects.published().exists()


def test_rows_without_place_only_on_request(campaign: Campaign, files: Files) -> None:
    path = files.csv([{"id": 1, "idea": "More benches"}])
    arguments = (campaign.slug, path, "--category", "idea", "--text-field", "idea")

    with pytest.raises(CommandError, match="--lon and --lat"):
        run("import_contributions", *arguments)
    run("import_contributions", *arguments, "--without-place")

    assert Contribution.objects.get().geom is None


def test_closed_campaign_and_city_category_take_imports(closed_campaign: Campaign, files: Files) -> None:
    path = files.geojson([(personas.line(), {})])
    said = run("import_contributions", closed_campaign.slug, path, "--category", "plan", "--source", "city")
    assert said.startswith("stored 1")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--lon", "lon", *SPOT), "--lon and --lat belong together"),
        ((*LONLAT, *SPOT, "--crs", "EPSG:99999"), "EPSG:99999 is not known"),
        ((*LONLAT, *SPOT, "--id-field", "nr"), "There is no field nr; the file has id, lon, lat"),
        (("--lon", "x", "--lat", "lat", *SPOT), "There is no field x"),
        ((*LONLAT, "--category", "nothing"), "has no category nothing"),
        (LONLAT, "has not just one category"),
        ((*LONLAT, *SPOT, "--category-field", "id"), "not both"),
        ((*LONLAT, *SPOT, "--answer", "scale"), "QUESTION=FIELD"),
        ((*LONLAT, *SPOT, "--answer", "nothing=id"), "has no question nothing"),
        ((*LONLAT, *SPOT, "--status", "withdrawn"), "invalid choice"),
        ((*LONLAT, *SPOT, "--layer", "nothing"), "cannot be read"),
        ((*LONLAT, *SPOT, "--encoding", "klingon"), "cannot be read"),
    ],
)
def test_wrong_options_are_told_in_one_sentence(
    campaign: Campaign, files: Files, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(CommandError) as told:
        run("import_contributions", campaign.slug, files.csv([row(1)]), *arguments)
    assert sentence in str(told.value)
    assert not Contribution.objects.exists()


def test_unknown_campaign(db: None, files: Files) -> None:
    with pytest.raises(CommandError, match="no campaign nowhere"):
        run("import_contributions", "nowhere", files.csv([row(1)]))


def test_report_lies_in_var_by_default(campaign: Campaign, files: Files, reports: Path) -> None:
    path = files.csv([row(1), row(2, personas.OUTSIDE), row(3, personas.OUTSIDE), row("")])

    said = run("import_contributions", campaign.slug, path, *LONLAT, "--id-field", "id", *SPOT)

    [report] = reports.iterdir()
    assert said == (
        "stored 1, known 0, rejected 3\n"
        "  2 × geometry: outside_area\n"
        "  1 × id: required\n"
        f"Each rejected row with its reason: {report}\n"
    )
    assert rejected(report) == [
        (4, "id", "required"),
        (2, "geometry", "outside_area"),
        (3, "geometry", "outside_area"),
    ]


def test_no_report_without_rejected_rows(campaign: Campaign, files: Files, reports: Path) -> None:
    run("import_contributions", campaign.slug, files.csv([row(1)]), *LONLAT, *SPOT)
    assert not reports.exists()


def test_campaign_without_area_takes_all_of_europe(files: Files) -> None:
    campaign = personas.make_campaign("everywhere", area=None)
    path = files.csv([row(1, personas.BERLIN), row(2, (-70.0, 10.0))])
    said = run("import_contributions", campaign.slug, path, *LONLAT, *SPOT)
    assert "1 × geometry: outside_grid" in said
