"""Languages are chosen and texts translated on the planners' pages, as forms without JavaScript."""

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mapping.imports import translations as tables
from mapping.models import Campaign, CampaignChange, Question, Translation
from mapping.services.setup.checklist import findings
from mapping.services.setup.translating import set_languages, set_translations
from tests.personas import staff_browser, user_called
from tests.planning.setup.world import address

pytestmark = pytest.mark.django_db


@pytest.fixture
def turkish(campaign: Campaign, manager: User) -> Campaign:
    """A campaign that is offered in Turkish, too."""
    return set_languages(campaign, manager, ["tr"])


def stored(language: str = "tr") -> dict[str, str]:
    return {one.field: one.text for one in Translation.objects.filter(language=language)}


def page(campaign: Campaign) -> str:
    return address(campaign, "translations", "tr")


def files(campaign: Campaign) -> str:
    return address(campaign, "translation-files", "tr")


def typed(answer: Any, **texts: str) -> dict[str, str]:
    """The form of a page as a browser sends it, with these translations by the field of the model."""
    form = answer.context["form"]
    sent = {"expected": form["expected"].value()}
    for row in answer.context["rows"]:
        sent[row.field.html_name] = texts.get(row.shown.entry.text.field, row.field.value())
    return sent


# --- languages ------------------------------------------------------------------------------------------------------


def test_languages_are_chosen(browser: Client, campaign: Campaign) -> None:
    step = address(campaign, "languages")
    html = browser.get(step).content.decode()
    assert '<bdi lang="ar">العربية</bdi>' in html
    assert '<bdi lang="de">' not in html
    sent = {"languages": ["tr", "de-simple"], "language": "de"}
    assert browser.post(step, sent).headers["Location"] == step
    campaign.refresh_from_db()
    assert campaign.languages == ["de-simple", "tr"]
    assert "0 of" in browser.get(step).content.decode()


@pytest.mark.parametrize("sent", [{"languages": ["tlh"]}, {"languages": ["tr"], "language": "tlh"}])
def test_other_languages_are_refused_at_their_field(
    browser: Client, campaign: Campaign, sent: dict[str, object]
) -> None:
    answer = browser.post(address(campaign, "languages"), sent)
    assert (answer.status_code, b"field__error" in answer.content) == (422, True)


@pytest.mark.parametrize(("decision", "left"), [("keep", {"title": "Angst"}), ("delete", {})])
def test_removed_language_keeps_or_loses_its_translations_as_chosen(
    browser: Client, turkish: Campaign, manager: User, decision: str, left: dict[str, str]
) -> None:
    set_translations(turkish, manager, "tr", {f"campaign.{turkish.pk}.title": "Angst"})
    step = address(turkish, "languages")
    refused = browser.post(step, {"languages": []})
    assert refused.status_code == 422
    assert "Translations are affected: 1." in refused.content.decode()
    assert 'name="hidden"' in refused.content.decode()
    assert browser.post(step, {"languages": [], "hidden": decision}).status_code == 302
    turkish.refresh_from_db()
    assert (turkish.languages, stored()) == ([], left)
    assert browser.get(page(turkish)).status_code == 404


def test_languages_changed_meanwhile_are_not_overwritten_unseen(
    browser: Client, campaign: Campaign, manager: User
) -> None:
    step = address(campaign, "languages")
    read = browser.get(step).context["form"]["expected"].value()
    set_languages(campaign, manager, ["ar"])
    refused = browser.post(step, {"languages": ["tr"], "expected": read})
    assert refused.status_code == 422
    now = refused.context["form"]["expected"].value()
    assert browser.post(step, {"languages": ["tr"], "expected": now}).status_code == 302


# --- the table ------------------------------------------------------------------------------------------------------


def test_texts_are_translated_beside_their_originals(
    browser: Client, turkish: Campaign, colour: Question
) -> None:
    shown = browser.get(page(turkish))
    html = shown.content.decode()
    assert 'lang="tr" dir="ltr"' in html
    assert "Which colour?" in html
    sent = typed(shown, title="<b>Hangi renk?</b>") | {"do": "save"}
    assert browser.post(page(turkish), sent).headers["Location"] == page(turkish)
    html = browser.get(page(turkish)).content.decode()
    assert "&lt;b&gt;Hangi renk?&lt;/b&gt;" in html
    assert "<b>Hangi" not in html


def test_saved_as_one_goes_the_same_texts_come_back(browser: Client, turkish: Campaign) -> None:
    first = browser.get(f"{page(turkish)}?show=missing")
    sent = typed(first, title="Başlık")
    answer = browser.post(f"{page(turkish)}?show=missing", sent)
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == len(first.context["rows"])
    assert answer.context["rows"][0].shown.state == "translated"
    # The version that comes back is the one of these texts: the next change is taken.
    again = browser.post(f"{page(turkish)}?show=missing", typed(answer, title="Yeni"))
    assert (again.status_code, stored()["title"]) == (200, "Yeni")


def test_outdated_texts_show_the_former_original_and_are_confirmed(
    browser: Client, turkish: Campaign, manager: User
) -> None:
    former = turkish.title
    set_translations(turkish, manager, "tr", {f"campaign.{turkish.pk}.title": "Başlık"})
    Campaign.objects.filter(pk=turkish.pk).update(title="New title", summary="Short")
    shown = browser.get(f"{page(turkish)}?show=outdated")
    assert [row.shown.state for row in shown.context["rows"]] == ["outdated"]
    assert former in shown.content.decode()
    # Another text of the page is saved: the outdated one stays outdated.
    everything = browser.get(page(turkish))
    browser.post(page(turkish), typed(everything, summary="Kısa"))
    shown = browser.get(f"{page(turkish)}?show=outdated")
    (row,) = shown.context["rows"]
    assert row.confirmation is not None
    browser.post(page(turkish), typed(shown) | {row.confirmation.html_name: "on"})
    assert browser.get(f"{page(turkish)}?show=outdated").context["rows"] == []


def test_translation_changed_meanwhile_is_not_overwritten_unseen(
    browser: Client, turkish: Campaign, manager: User
) -> None:
    title = f"campaign.{turkish.pk}.title"
    shown = browser.get(page(turkish))
    set_translations(turkish, manager, "tr", {title: "Theirs"})
    sent = typed(shown, title="Mine")
    refused = browser.post(page(turkish), sent)
    assert refused.status_code == 422
    assert "Mine" in refused.content.decode()
    assert stored()["title"] == "Theirs"
    now = refused.context["form"]["expected"].value()
    assert browser.post(page(turkish), sent | {"expected": now}).status_code == 200
    assert stored()["title"] == "Mine"


def test_too_long_translation_is_refused_at_its_field(browser: Client, turkish: Campaign) -> None:
    sent = typed(browser.get(page(turkish)), title="x" * 161)
    answer = browser.post(page(turkish), sent)
    assert answer.status_code == 422
    assert b"field__error" in answer.content
    assert stored() == {}


def test_more_than_a_thousand_texts_come_in_parts(browser: Client, turkish: Campaign) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown = browser.get(page(turkish))
        assert shown.status_code == 200
        assert len(shown.context["rows"]) <= 40
        return len(captured)

    queries()
    before = queries()
    choices = [{"value": f"c{number}", "title": f"Choice {number}"} for number in range(110)]
    Question.objects.bulk_create(
        Question(
            campaign=turkish,
            slug=f"q{number}",
            title=f"Q{number}",
            kind="single_choice",
            options={"choices": choices},
        )
        for number in range(10)
    )
    assert queries() == before
    last = browser.get(f"{page(turkish)}?page=999")
    assert last.context["page"].paginator.count > 1_000
    sent = typed(last, **{"choices.c109": "Son"}) | {"do": "save"}
    assert browser.post(f"{page(turkish)}?page=999", sent).status_code == 302
    assert set(stored()) == {"choices.c109"}


def test_history_shows_translations_and_takes_them_back(browser: Client, turkish: Campaign) -> None:
    browser.post(page(turkish), typed(browser.get(page(turkish)), title="Başlık"))
    history = address(turkish, "history")
    html = browser.get(history).content.decode()
    assert "Translations" in html
    assert "<ins>Başlık</ins>" in html
    assert "<ins>Turkish</ins>" in html
    newest = CampaignChange.objects.filter(campaign=turkish).first()
    assert newest is not None
    browser.post(address(turkish, "undo"), {"change": str(newest.pk)})
    assert stored() == {}


def test_checklist_counts_what_is_missing_and_hinders_nothing(turkish: Campaign, manager: User) -> None:
    found = {one.code: one for one in findings(turkish) if one.step == "languages"}
    missing = found["setup_texts_missing"]
    assert not missing.blocks
    number = missing.params["number"]
    assert isinstance(number, int)
    set_translations(turkish, manager, "tr", {f"campaign.{turkish.pk}.title": "Başlık"})
    Campaign.objects.filter(pk=turkish.pk).update(title="New")
    turkish.refresh_from_db()
    found = {one.code: one for one in findings(turkish) if one.step == "languages"}
    assert found["setup_texts_missing"].params["number"] == number - 1
    assert found["setup_texts_outdated"].params["number"] == 1


# --- files ----------------------------------------------------------------------------------------------------------


def download(browser: Client, campaign: Campaign, ending: str) -> bytes:
    answer = browser.get(address(campaign, "translation-file", "tr", ending))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{campaign.slug}-tr.{ending}"'
    return answer.content


def translated(data: bytes, ending: str, words: str) -> bytes:
    """The file with a translation of each text."""
    if ending == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        sheet = book.worksheets[0]
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, 4).value = words
            sheet.cell(row, 4).data_type = "s"
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([rows[0], *([*row[:3], words, *row[4:]] for row in rows[1:])])
    return text.getvalue().encode()


def upload(browser: Client, campaign: Campaign, data: bytes, name: str) -> Any:
    return browser.post(files(campaign), {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_table_goes_out_and_comes_back(
    browser: Client, turkish: Campaign, colour: Question, ending: str
) -> None:
    Campaign.objects.filter(pk=turkish.pk).update(summary="=1+1")
    data = download(browser, turkish, ending)
    answer = upload(browser, turkish, translated(data, ending, "=çeviri"), f"t.{ending}")
    assert answer.status_code == 302, answer.content.decode()
    assert set(stored().values()) == {"=çeviri"}
    assert {"title", "summary", "choices.red"} <= set(stored())
    assert not [one for one in findings(Campaign.objects.get(pk=turkish.pk)) if one.step == "languages"]
    # Read once more as it is, nothing changes.
    before = CampaignChange.objects.count()
    assert upload(browser, turkish, download(browser, turkish, ending), f"t.{ending}").status_code == 302
    assert CampaignChange.objects.count() == before


def test_formulas_are_neutralised(browser: Client, turkish: Campaign) -> None:
    Campaign.objects.filter(pk=turkish.pk).update(summary="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in download(browser, turkish, "csv").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(download(browser, turkish, "xlsx"))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s", "n"}


def table(*rows: tuple[str, str, str], head: str = "key,original,translation") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return f"{head}\r\n{text.getvalue()}".encode()


def test_faults_are_listed_by_row_and_nothing_is_stored(browser: Client, turkish: Campaign) -> None:
    title, summary = f"campaign.{turkish.pk}.title", f"campaign.{turkish.pk}.summary"
    Campaign.objects.filter(pk=turkish.pk).update(summary="Short")
    data = table((title, "", "x" * 161), (summary, "", "Kısa"), (summary, "", "Başka"))
    answer = upload(browser, turkish, data, "t.csv")
    assert answer.status_code == 422
    assert [(one.row, one.code) for one in answer.context["problems"]] == [
        (2, "too_long"),
        (4, "key_twice"),
    ]
    assert stored() == {}


def test_original_that_grows_when_it_is_normalised_is_noted(browser: Client, turkish: Campaign) -> None:
    # Each of these letters becomes two in NFC (composition exclusions of UAX #15).
    answer = upload(
        browser, turkish, table((f"campaign.{turkish.pk}.title", "\u0958" * 15_000, "Başlık")), "t.csv"
    )
    assert answer.status_code == 200
    assert stored() == {"title": "Başlık"}


def test_cell_of_invisible_characters_removes_no_translation(browser: Client, turkish: Campaign) -> None:
    title = f"campaign.{turkish.pk}.title"
    for words in ("Başlık", "\u200b"):
        assert upload(browser, turkish, table((title, turkish.title, words)), "t.csv").status_code == 302
    assert stored() == {"title": "Başlık"}


def test_changed_and_lost_originals_are_noted(browser: Client, turkish: Campaign) -> None:
    title = f"campaign.{turkish.pk}.title"
    data = table((title, "Former title", "Başlık"), ("question.0.title", "Gone", "Gitti"))
    answer = upload(browser, turkish, data, "t.csv")
    assert [(one.row, one.code) for one in answer.context["notes"]] == [
        (2, "original_changed"),
        (3, "text_gone"),
    ]
    assert "Gitti" in answer.content.decode()
    (row,) = browser.get(f"{page(turkish)}?show=outdated").context["rows"]
    assert (row.shown.entry.translation, row.shown.entry.former) == ("Başlık", "Former title")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("t.ods", b"x", ".xlsx, .csv"),
        ("t.csv", b"", "empty"),
        ("t.csv", b"\xff\xfe\xfd", "UTF-8"),
        ("t.xlsx", b"no workbook", "as its ending says"),
        ("t.csv", b"a,b\r\n1,2\r\n", "no column “key”"),
        ("t.csv", b"x" * (tables.MOST_BYTES + 1), "at most 4 MB"),
    ],
)
def test_other_files_are_refused(
    browser: Client, turkish: Campaign, name: str, data: bytes, words: str
) -> None:
    answer = upload(browser, turkish, data, name)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_no_file_is_refused(browser: Client, turkish: Campaign) -> None:
    assert browser.post(files(turkish)).status_code == 422


def test_rows_beyond_the_limit_are_not_read(
    browser: Client, turkish: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    data = table(*((f"question.{number}.title", "", "x") for number in range(4)))
    answer = upload(browser, turkish, data, "t.csv")
    assert [(one.row, one.code) for one in answer.context["problems"]] == [(4, "too_many_rows")]


@pytest.mark.parametrize("who", ["anonymous", "outsider", "analyst", "moderator", "dismissed"])
def test_only_managers_come_in(turkish: Campaign, who: str) -> None:
    other = Client()
    user = user_called(who, turkish)
    if isinstance(user, User):
        other = staff_browser(user)
    expected = 302 if who in ("anonymous", "dismissed") else 403
    file = address(turkish, "translation-file", "tr", "csv")
    for one in (address(turkish, "languages"), page(turkish), files(turkish), file):
        assert other.get(one).status_code == expected
        assert other.post(one, {"languages": ["ar"]}).status_code in (expected, 405)
    assert browser_sees_no_other(turkish)


def browser_sees_no_other(campaign: Campaign) -> bool:
    campaign.refresh_from_db()
    return campaign.languages == ["tr"]


def test_files_of_other_endings_do_not_exist(browser: Client, turkish: Campaign) -> None:
    assert browser.get(address(turkish, "translation-file", "tr", "exe")).status_code == 404
    assert browser.get(address(turkish, "translation-file", "ar", "csv")).status_code == 404
