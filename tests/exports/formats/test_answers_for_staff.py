"""Answers that only staff may read: columns in files for analysts and managers, nowhere else."""

import csv
import io
import json
import logging
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.models import Role, User
from mapping.exports.registry import format_named, formats
from mapping.http import export_jobs
from mapping.models import Audience, Campaign, Contribution, ExportJob, Question, RemovedQuestion
from mapping.services import access_links
from mapping.services.export_jobs import claim
from tests.api.conftest import with_token
from tests.personas import (
    category_of,
    make_campaign,
    make_contribution,
    make_user,
    staff_browser,
    user_called,
)
from tests.unpacked import unpacked

ENDINGS = tuple(known.name for known in formats())
SECRET, REMOVED = "GEHEIM-4711", "FRUEHER-4712"
TITLE = "Wie alt sind Sie?"
API = "/api/v1/campaigns/fear-spaces"


@pytest.fixture
def answered(campaign: Campaign) -> Contribution:
    """A contribution with answers for staff (one to a removed question) between public ones."""
    spot = category_of(campaign, "spot")
    for slug, audience in (("light", "public"), ("age", Audience.STAFF), ("AGE", "public")):
        position = spot.questions.count()
        Question.objects.create(
            category=spot, slug=slug, title=TITLE, kind="text", audience=audience, position=position
        )
    RemovedQuestion.objects.create(
        category=spot, slug="phone", title="Telefon", kind="text", audience=Audience.STAFF
    )
    answers = {"light": "weak", "age": SECRET, "AGE": "OPEN", "phone": REMOVED}
    return make_contribution(campaign, category="spot", answers=answers)


def body_of(response: Any) -> bytes:
    assert response.status_code == 200, response.getvalue()
    return bytes(response.getvalue())


@pytest.mark.parametrize("ending", ENDINGS)
def test_files_for_staff_hold_them_and_public_ones_never(
    answered: Contribution, analyst: User, ending: str
) -> None:
    known = format_named(ending)
    assert known is not None
    for labels in known.labels:
        query = f"?include={','.join(known.extras)}&labels={labels}"
        address = f"{API}/download.{ending}{query}"
        for reader in (Client(), staff_browser(analyst)):
            words = unpacked(body_of(reader.get(address)))
            assert SECRET not in words
            assert REMOVED not in words
            assert "phone" not in words
        words = unpacked(body_of(staff_browser(analyst).get(f"{address}&status=published")))
        # GPX is for devices and has no answers.
        assert (SECRET in words, REMOVED in words) == (ending != "gpx",) * 2


def test_other_columns_are_the_same_in_both_files(answered: Contribution, analyst: User) -> None:
    def head(client: Client, query: str = "") -> list[str]:
        text = body_of(client.get(f"{API}/download.csv{query}")).decode("utf-8-sig")
        return next(csv.reader(io.StringIO(text, newline="")))

    public, staff = head(Client()), head(staff_browser(analyst), "?status=published")
    added = ["age_2", "phone"]
    assert [name for name in staff if name not in added] == public
    assert staff[staff.index("light") :][:3] == ["light", "age_2", "AGE"]


@pytest.mark.parametrize("who", ["anonymous", "outsider", "moderator"])
def test_others_get_no_file_for_staff(answered: Contribution, campaign: Campaign, who: str) -> None:
    user = user_called(who, campaign)
    browser = staff_browser(user) if isinstance(user, User) else Client()
    for ending in ENDINGS:
        response = browser.get(f"{API}/download.{ending}?status=published")
        assert response.status_code in {401, 403}
        assert SECRET not in response.getvalue().decode()


def test_data_dictionaries_mark_them(answered: Contribution, analyst: User, tmp_path: Path) -> None:
    browser = staff_browser(analyst)
    package = zipfile.ZipFile(
        io.BytesIO(body_of(browser.get(f"{API}/download.package.zip?status=published")))
    )
    rows = list(csv.DictReader(io.StringIO(package.read("datenlexikon.csv").decode("utf-8-sig"), newline="")))
    readers = {row["spalte"]: row["lesbar_für"] for row in rows}
    assert (readers["light"], readers["AGE"]) == ("alle", "alle")
    assert (readers["age_2"], readers["phone"]) == ("nur Mitarbeitende", "nur Mitarbeitende")
    file = tmp_path / "staff.xlsx"
    file.write_bytes(body_of(browser.get(f"{API}/download.xlsx?status=published")))
    explained = {row[1]: row[3] for row in openpyxl.load_workbook(file)["Felder"].iter_rows(values_only=True)}
    assert explained["age_2"] == "Nur für Mitarbeitende."
    assert not explained["light"]


def test_protected_campaigns_have_them_for_analysts_only(db: None) -> None:
    campaign = make_campaign("night", publication="cells")
    Question.objects.create(
        category=category_of(campaign, "spot"), slug="age", title=TITLE, kind="text", audience=Audience.STAFF
    )
    make_contribution(campaign, category="spot", answers={"age": SECRET})
    analyst = make_user("night@example.org", campaign, Role.ANALYST)
    address = "/api/v1/campaigns/night/download.csv"
    assert SECRET in body_of(staff_browser(analyst).get(address)).decode()
    assert SECRET not in body_of(Client().get(address)).decode()


def test_short_name_that_two_audiences_share_is_two_columns(
    answered: Contribution, campaign: Campaign, analyst: User
) -> None:
    street = category_of(campaign, "street")
    Question.objects.create(category=street, slug="age", title="Alter der Straße", kind="text")
    make_contribution(
        campaign, "LINESTRING(7.7689 49.4447, 7.7687 49.4361)", category="street", answers={"age": "ROAD"}
    )
    # As for a contribution that is stored at the moment in which the question is given to the staff.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mapping_contribution DISABLE TRIGGER mapping_contribution_keep_apart")
        answers = {"light": "weak", "age": SECRET}
        Contribution.objects.filter(pk=answered.pk).update(answers=answers, staff_answers={})
        cursor.execute("ALTER TABLE mapping_contribution ENABLE TRIGGER mapping_contribution_keep_apart")
    public = body_of(Client().get(f"{API}/download.csv")).decode()
    assert "ROAD" in public
    assert SECRET not in public
    staff = body_of(staff_browser(analyst).get(f"{API}/download.csv?status=published")).decode()
    assert "ROAD" in staff
    assert SECRET in staff


OPEN = (
    f"{API}/contributions/",
    f"{API}/contributions/%s/",
    "/ogc/collections/fear-spaces-contributions/items",
    "/ogc/collections/fear-spaces-contributions/items/%s",
    "/ogc/collections/fear-spaces-contributions/schema",
    "/ogc/collections/fear-spaces-contributions/queryables",
    "/ogc/collections/fear-spaces-contributions/tiles/WebMercatorQuad/14/5600/8544",
    "/ogc/api",
    "/dipas-pds/projects/fear-spaces/contributions",
    "/dipas-pds/projects/fear-spaces/commentedcontributions/%s",
    "/open311/v2/requests.json",
    "/open311/v2/services.json",
    "/campaigns/fear-spaces/contributions/%s/",
)


@pytest.mark.parametrize("address", OPEN)
def test_no_interface_for_everybody_has_them(answered: Contribution, address: str) -> None:
    response = Client().get(address.replace("%s", str(answered.pk)))
    text = response.getvalue().decode("utf-8", "surrogateescape")
    assert SECRET not in text
    assert REMOVED not in text


@pytest.mark.parametrize("address", [one for one in OPEN if one.startswith("/ogc/")])
def test_private_links_do_not_open_them(
    answered: Contribution, campaign: Campaign, analyst: User, address: str
) -> None:
    secret = access_links.make(campaign, "QGIS", actor=analyst)[1]
    address = address.replace("%s", str(answered.pk))
    for response in (
        Client().get(address.replace("/ogc/", f"/ogc/key/{secret}/")),
        staff_browser(analyst).get(address),
    ):
        text = response.getvalue().decode("utf-8", "surrogateescape")
        assert SECRET not in text
        assert REMOVED not in text
    filtered = f"/ogc/key/{secret}/collections/fear-spaces-contributions/items?age_2={SECRET}"
    assert Client().get(filtered).status_code == 400


def test_reading_them_is_logged(
    answered: Contribution, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        body_of(staff_browser(analyst).get(f"{API}/download.csv"))
        body_of(staff_browser(analyst).get(f"{API}/download.csv?status=published"))
    assert caplog.messages == [f"user={analyst.pk} campaign=fear-spaces view=download answers=staff"]


def test_file_from_the_background_is_for_who_ordered_it(
    answered: Contribution, campaign: Campaign, analyst: User
) -> None:
    browser = with_token(analyst)
    order = json.dumps({"format": "gpkg", "status": "published"})
    address = browser.post(f"{API}/exports/", order, content_type="application/json").json()["id"]
    job = claim(ExportJob.objects.get(pk=address).pk)
    assert job is not None
    export_jobs.run(job)
    file = f"{API}/exports/{address}/file"
    assert SECRET in unpacked(body_of(browser.get(file)))
    other = make_user("other@example.org", campaign, Role.ANALYST)
    for stranger in (Client(), with_token(other)):
        assert stranger.get(file).status_code == 404
    analyst.memberships.update(role=Role.MODERATOR)
    assert browser.get(file).status_code == 404


def test_command_writes_them_only_for_the_city(answered: Contribution, tmp_path: Path) -> None:
    for more, is_there in (({}, False), ({"status": "published"}, True)):
        file = tmp_path / f"{is_there}.csv"
        call_command("export", "fear-spaces", format="csv", out=file, **more)
        assert (SECRET in file.read_text()) is is_there
