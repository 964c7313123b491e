"""Forms stored as surveys, by the service and by the commands."""

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from mapping.imports.xlsform.reading import read_xlsform
from mapping.imports.xlsform.storing import FormRefused, import_xlsform
from mapping.imports.xlsform.writing import write_xlsform
from mapping.models import Campaign, CampaignChange, Question, Translation
from mapping.services.errors import Conflict, NotAllowed
from mapping.services.setup.asking.drafts import values_of
from mapping.services.surveys.responses import Sheet, respond
from tests.imports.conftest import run
from tests.imports.xlsform.forms import COLOURS, asked, faults, form, workbook
from tests.personas import Citizen
from tests.surveys.world import ask

SURVEY = (
    asked("select_one colours", "colour", required="yes"),
    asked("begin_group", "page", "Mehr"),
    asked("text", "why", relevant="${colour} = 'red'"),
    {"type": "end_group"},
)


def slugs(campaign: Campaign) -> list[str]:
    """The survey as stored."""
    return [one.slug for one in Question.objects.of_survey(campaign.pk)]


def test_form_is_stored_as_survey_and_can_be_answered(campaign: Campaign, citizen: Citizen) -> None:
    import_xlsform(campaign, form(*SURVEY))
    stored = list(Question.objects.of_survey(campaign.pk))
    assert [(one.slug, one.position, one.starts_page) for one in stored] == [
        ("colour", 0, False),
        ("page", 1, True),
        ("why", 2, False),
    ]
    for one in stored:
        one.full_clean()
    responded = respond(campaign, Sheet({"colour": "red", "why": "warm"}), citizen.secret)
    assert responded.response.answers == {"colour": "red", "why": "warm"}


def test_translations_are_stored_and_written_again(campaign: Campaign, manager: User) -> None:
    question = {
        **asked("select_one colours", "colour", "Welche Farbe?"),
        "label::Türkçe (tr)": "Hangi renk?",
        "label::العربية (ar)": "أي لون؟",
    }
    choices = ({"list_name": "colours", "name": "red", "label": "Rot", "label::Türkçe (tr)": "Kırmızı"},)
    found = form(question, choices=choices)
    stored = import_xlsform(campaign, found, manager)
    rows = Translation.objects.filter(campaign=campaign).order_by("language", "field")
    assert [(one.language, one.object_id, one.field, one.text, one.original) for one in rows] == [
        ("ar", stored[0].pk, "title", "أي لون؟", "Welche Farbe?"),
        ("tr", stored[0].pk, "choices.red", "Kırmızı", "Rot"),
        ("tr", stored[0].pk, "title", "Hangi renk?", "Welche Farbe?"),
    ]
    campaign.refresh_from_db()
    assert campaign.languages == ["ar", "tr"]
    assert {one.step for one in CampaignChange.objects.all()} == {"questions", "languages"}
    again = read_xlsform(write_xlsform(campaign))
    assert [one.translations for one in again.questions] == [one.translations for one in found.questions]
    # What a campaign does not offer is kept, but not written.
    Campaign.objects.update(languages=["tr"])
    again = read_xlsform(write_xlsform(Campaign.objects.get()))
    assert again.further == ("tr",)


def test_translations_go_with_the_questions_that_are_replaced(campaign: Campaign) -> None:
    row = {**asked("text", "q"), "label::tr": "S?"}
    import_xlsform(campaign, form(row))
    import_xlsform(campaign, form(asked("text", "q")), replace=True)
    assert not Translation.objects.exists()


def test_form_that_comes_back_confirms_no_outdated_translation(campaign: Campaign) -> None:
    import_xlsform(campaign, form({**asked("text", "q", "Was?"), "label::tr": "Ne?"}))
    Question.objects.of_survey(campaign.pk).update(title="Warum?")
    campaign.refresh_from_db()
    again = read_xlsform(write_xlsform(campaign))
    import_xlsform(campaign, again, replace=True)
    assert Translation.objects.get().original == "Was?"
    import_xlsform(campaign, form({**asked("text", "q", "Warum?"), "label::tr": "Niçin?"}), replace=True)
    assert Translation.objects.get().original == "Warum?"


def test_number_of_queries_does_not_grow_with_the_form(campaign: Campaign) -> None:
    def queries(number: int) -> int:
        many = form(*(asked("text", f"q{one}") for one in range(number)))
        with CaptureQueriesContext(connection) as captured:
            import_xlsform(campaign, many, replace=True)
        return len(captured)

    queries(2)
    assert queries(2) == queries(80)


def test_form_with_faults_is_refused(campaign: Campaign) -> None:
    with pytest.raises(FormRefused) as refused:
        import_xlsform(campaign, form(*SURVEY, asked("calculate", "sum")))
    assert [(one.row, one.code) for one in refused.value.problems] == [(6, "calculate")]
    assert slugs(campaign) == []


def test_survey_with_questions_is_replaced_only_on_demand(campaign: Campaign) -> None:
    ask(campaign, "old", "text")
    with pytest.raises(Conflict) as refused:
        import_xlsform(campaign, form(*SURVEY))
    assert refused.value.code == "survey_has_questions"
    assert slugs(campaign) == ["old"]
    import_xlsform(campaign, form(*SURVEY), replace=True)
    assert slugs(campaign) == ["colour", "page", "why"]


def test_survey_with_responses_is_never_replaced(campaign: Campaign, citizen: Citizen) -> None:
    ask(campaign, "old", "text")
    respond(campaign, Sheet({"old": "so"}), citizen.secret)
    with pytest.raises(Conflict) as refused:
        import_xlsform(campaign, form(*SURVEY), replace=True)
    assert (refused.value.code, refused.value.params) == ("survey_has_responses", {"number": 1})
    assert slugs(campaign) == ["old"]


def test_only_managers_import(campaign: Campaign, manager: User, moderator: User) -> None:
    with pytest.raises(NotAllowed):
        import_xlsform(campaign, form(*SURVEY), moderator)
    import_xlsform(campaign, form(*SURVEY), manager)
    assert slugs(campaign) == ["colour", "page", "why"]


def test_pictures_of_another_campaign_are_refused(campaign: Campaign) -> None:
    name = "0f8fad5b-d9cb-469f-a165-70867728950e.jpg"
    choices = [*COLOURS, {"list_name": "colours", "name": "pic", "label": "Bild", "media::image": name}]
    found = form(asked("select_one colours", "q"), choices=choices)
    assert found.problems == ()
    with pytest.raises(FormRefused) as refused:
        import_xlsform(campaign, found)
    assert [(one.sheet, one.row, one.code) for one in refused.value.problems] == [
        ("survey", 2, "picture_not_here")
    ]


def test_survey_goes_out_and_comes_back(campaign: Campaign) -> None:
    import_xlsform(campaign, form(*SURVEY))
    before = [values_of(one) for one in Question.objects.of_survey(campaign.pk)]
    again = read_xlsform(write_xlsform(campaign))
    assert faults(again) == []
    import_xlsform(campaign, again, replace=True)
    assert [values_of(one) for one in Question.objects.of_survey(campaign.pk)] == before


def test_commands(campaign: Campaign, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    good.write_bytes(workbook({"survey": SURVEY, "choices": COLOURS}))
    bad.write_bytes(workbook({"survey": [*SURVEY, asked("image", "photo")], "choices": COLOURS}))
    assert "3 questions would be stored" in run("import_xlsform", campaign.slug, good, "--dry-run")
    assert slugs(campaign) == []
    with pytest.raises(CommandError, match="Faults: 1"):
        run("import_xlsform", campaign.slug, bad)
    assert "  1. colour: colour? [single_choice]" in run("import_xlsform", campaign.slug, good)
    with pytest.raises(CommandError, match="has questions already"):
        run("import_xlsform", campaign.slug, good)
    run("import_xlsform", campaign.slug, good, "--replace")
    written = tmp_path / "out.xlsx"
    run("export_xlsform", campaign.slug, "--output", written)
    assert [one.slug for one in read_xlsform(written.read_bytes()).questions] == ["colour", "page", "why"]
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_xlsform", campaign.slug, tmp_path / "none.xlsx")
    with pytest.raises(CommandError):
        run("import_xlsform", campaign.slug, Path(__file__))
