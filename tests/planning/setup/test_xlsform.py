"""A survey read from an XLSForm on the planners' page, and taken home as one."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mapping.imports.xlsform.reading import read_xlsform
from mapping.models import Campaign, CampaignChange, Question
from mapping.services.surveys.responses import Sheet, respond
from tests.imports.xlsform.forms import COLOURS, asked, workbook
from tests.personas import Citizen, staff_browser, user_called
from tests.surveys.world import ask

GOOD = {
    "survey": [
        asked("select_one colours", "colour", "Welche Farbe?"),
        asked("text", "why", "Warum?", relevant="${colour} = 'red'"),
    ],
    "choices": COLOURS,
}
BAD = {**GOOD, "survey": [*GOOD["survey"], asked("calculate", "sum"), asked("image", "photo")]}


def start(campaign: Campaign) -> str:
    """The page where a file is chosen."""
    return reverse("planning:setup-xlsform", args=(campaign.slug,))


def upload(browser: Client, campaign: Campaign, data: bytes, name: str = "form.xlsx") -> str:
    """Upload a form; the address of its preview."""
    response = browser.post(start(campaign), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


@pytest.fixture
def browser(manager: User, private_folder: Path) -> Client:
    """Of the manager."""
    return staff_browser(manager)


def test_form_is_previewed_and_stored(campaign: Campaign, manager: User, browser: Client) -> None:
    preview = upload(browser, campaign, workbook(GOOD))
    shown = browser.get(preview).content.decode()
    assert "Welche Farbe?" in shown
    assert "Rot · Grün" in shown
    assert "Nur wenn: „Welche Farbe?“ ist" in shown
    assert not Question.objects.of_survey(campaign.pk).exists()
    stored = browser.post(preview)
    assert stored.headers["Location"] == reverse("planning:setup-questions", args=(campaign.slug,))
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["colour", "why"]
    change = CampaignChange.objects.get(campaign=campaign)
    assert (change.actor, change.step) == (manager, "questions")
    assert set(change.after) == {"question Welche Farbe?", "question Warum?"}
    assert browser.get(preview).status_code == 302, "the file is gone"


def test_faults_are_listed_by_row_and_nothing_is_stored(campaign: Campaign, browser: Client) -> None:
    preview = upload(browser, campaign, workbook(BAD))
    shown = browser.get(preview).content.decode()
    assert "Hier kann nichts berechnet werden" in shown
    assert "<td>4</td>" in shown
    assert "<td>5</td>" in shown
    assert "Diese Fragen hinzufügen" not in shown
    assert browser.post(preview).status_code == 422
    assert not Question.objects.of_survey(campaign.pk).exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("form.csv", b"type,name", "lassen sich nicht lesen"),
        ("form.xlsx", b"", "leer"),
        ("form.xlsx", b"x" * (2 * 2**20 + 1), "höchstens 2 MB"),
    ],
)
def test_other_files_are_refused_at_the_field(
    campaign: Campaign, browser: Client, name: str, data: bytes, words: str
) -> None:
    response = browser.post(start(campaign), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 422
    assert words in response.content.decode()


def test_no_file_is_refused_at_the_field(campaign: Campaign, browser: Client) -> None:
    response = browser.post(start(campaign))
    assert (response.status_code, "Bitte wählen Sie eine Datei" in response.content.decode()) == (422, True)


def test_file_that_is_no_workbook_is_refused_in_the_preview(campaign: Campaign, browser: Client) -> None:
    preview = upload(browser, campaign, b"no workbook")
    assert browser.get(preview).status_code == 422
    assert browser.post(preview).status_code == 422


def test_survey_is_replaced_only_if_chosen(campaign: Campaign, browser: Client) -> None:
    ask(campaign, "old", "text")
    preview = upload(browser, campaign, workbook(GOOD))
    assert 'name="replace"' in browser.get(preview).content.decode()
    assert browser.post(preview).status_code == 422
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["old"]
    assert browser.post(preview, {"replace": "1"}).status_code == 302
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["colour", "why"]


def test_answered_survey_stays(campaign: Campaign, browser: Client, citizen: Citizen) -> None:
    ask(campaign, "old", "text")
    respond(campaign, Sheet({"old": "so"}), citizen.secret)
    preview = upload(browser, campaign, workbook(GOOD))
    assert "wurde schon beantwortet" in browser.get(preview).content.decode()
    assert browser.post(preview, {"replace": "1"}).status_code == 422
    assert [one.slug for one in Question.objects.of_survey(campaign.pk)] == ["old"]


def test_survey_is_taken_home(campaign: Campaign, browser: Client) -> None:
    ask(campaign, "colour", "single_choice")
    assert "Formular herunterladen" in browser.get(start(campaign)).content.decode()
    response = browser.get(reverse("planning:setup-xlsform-file", args=(campaign.slug,)))
    assert response.headers["Content-Disposition"] == f'attachment; filename="{campaign.slug}.xlsx"'
    assert [one.slug for one in read_xlsform(response.content).questions] == ["colour"]


def test_form_can_be_discarded(campaign: Campaign, browser: Client, private_folder: Path) -> None:
    preview = upload(browser, campaign, workbook(GOOD))
    assert list(private_folder.iterdir())
    assert browser.post(f"{preview}discard/").headers["Location"] == start(campaign)
    assert not list(private_folder.iterdir())
    assert browser.post(f"{preview}discard/").status_code == 302


def test_form_is_no_table_and_a_table_no_form(
    campaign: Campaign, browser: Client, private_folder: Path
) -> None:
    preview = upload(browser, campaign, workbook(GOOD))
    number = preview.rstrip("/").rpartition("/")[2]
    table = reverse("planning:import", args=(campaign.slug, number))
    assert browser.get(table).headers["Location"] == reverse("planning:imports", args=(campaign.slug,))
    state = private_folder / number / "upload.json"
    state.write_text(json.dumps(json.loads(state.read_text()) | {"kind": "contributions"}))
    assert browser.get(preview).headers["Location"] == start(campaign)


@pytest.mark.parametrize("who", ["anonymous", "outsider", "analyst", "moderator", "dismissed"])
def test_only_managers_come_in(campaign: Campaign, browser: Client, who: str) -> None:
    preview = upload(browser, campaign, workbook(GOOD))
    other = Client()
    user = user_called(who, campaign)
    if user.is_authenticated:
        other.force_login(user)
    expected = 302 if who in ("anonymous", "dismissed") else 403
    for address in (start(campaign), preview, reverse("planning:setup-xlsform-file", args=(campaign.slug,))):
        assert other.get(address).status_code == expected
        assert other.post(address, {"file": SimpleUploadedFile("x.xlsx", b"x")}).status_code in (
            expected,
            405,
        )
    assert browser.get(preview).status_code == 200


def test_number_of_queries_does_not_grow_with_the_form(campaign: Campaign, browser: Client) -> None:
    def queries(number: int) -> int:
        many = {"survey": [asked("text", f"q{one}") for one in range(number)]}
        preview = upload(browser, campaign, workbook(many))
        browser.get(preview)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(preview).status_code == 200
        return len(captured)

    assert queries(1) == queries(90)
