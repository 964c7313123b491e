"""From a category to form fields, and from POST data to what the services read."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from mapping.forms.contribution import ContributionForm, question_fields
from mapping.forms.places import keeps_place
from mapping.models import Campaign, Category, Question, QuestionKind
from mapping.services.errors import Invalid, NotAllowed, Problem
from mapping.services.submit import submit
from tests import personas
from tests.personas import GOOD_ANSWERS, Citizen, category_of


def posted(**values: Any) -> MultiValueDict[str, str]:
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


TYPED_ANSWERS: dict[str, Any] = {
    "answers.text": "near the bridge",
    "answers.long-text": "The lamps are broken.\r\nSince March.",
    "answers.single-choice": "night",
    "answers.multiple-choice": ["night", "day"],
    "answers.scale": "4",
    "answers.number": "12,5",
    "answers.yes-no": "yes",
    "answers.time-of-day": "22:30",
    "answers.date": "2026-06-21",
    "answers.part-of-day": "evening",
    "answers.picture-choice": "day",
    "answers.ranking": ["night", "day"],
}


def test_typed_answers_of_every_kind_are_stored_as_json(campaign: Campaign, citizen: Citizen) -> None:
    lon, lat = personas.TOWN_HALL
    values = {"latitude": f"{lat}".replace(".", ","), "longitude": f" {lon} ", **TYPED_ANSWERS}
    form = ContributionForm(category_of(campaign, "survey"), posted(**values))
    assert form.is_valid(), form.errors
    stored = submit(campaign, form.submission(), citizen.secret).contribution
    assert stored.answers == GOOD_ANSWERS
    assert stored.geom is not None
    assert stored.geom.coords == personas.TOWN_HALL


def test_form_of_a_stored_contribution_says_the_same_again(campaign: Campaign, citizen: Citizen) -> None:
    stored = personas.make_contribution(
        campaign, category="survey", answers=GOOD_ANSWERS, text="Dark.\nVery."
    )
    for language in ("de", "en"):
        with translation.override(language):
            shown = ContributionForm(stored.category, contribution=stored)
            again = posted(
                **{
                    name: value if isinstance(value, list) else str(value)
                    for name in shown.fields
                    if (value := shown.get_initial_for_field(shown.fields[name], name)) is not None
                }
            )
            form = ContributionForm(stored.category, again, contribution=stored)
            assert form.is_valid(), form.errors
            sent = form.submission()
        assert sent.answers == GOOD_ANSWERS
        assert sent.text == "Dark.\nVery."
        assert keeps_place(sent.geometry, stored.geom)


@pytest.mark.parametrize(
    ("category", "place_type", "geometry"),
    [
        ("street", None, "LINESTRING(7.75 49.44, 7.77 49.45)"),
        ("meadow", None, "POLYGON((7.75 49.44, 7.77 49.44, 7.77 49.45, 7.75 49.44))"),
        ("anything", "line", "LINESTRING(7.75 49.44, 7.77 49.45)"),
    ],
)
def test_lines_and_areas_survive_being_typed(
    campaign: Campaign, category: str, place_type: str | None, geometry: str
) -> None:
    stored = personas.make_contribution(campaign, geometry, category=category)
    shown = ContributionForm(stored.category, contribution=stored)
    values = {"positions": shown.initial["positions"]} | ({"place_type": place_type} if place_type else {})
    form = ContributionForm(stored.category, posted(**values))
    assert form.is_valid(), form.errors
    assert keeps_place(form.submission().geometry, stored.geom)


@pytest.mark.parametrize(
    "text",
    [
        "49.44, 7.75\n49.45, 7.77",
        "49,44; 7,75\n49,45; 7,77",
        "49,44 7,75\n\n49.45 7.77\n",
        "49.44,7.75\n49.45,7.77",
    ],
)
def test_positions_are_read_as_people_write_them(campaign: Campaign, text: str) -> None:
    form = ContributionForm(category_of(campaign, "street"), posted(positions=text))
    assert form.is_valid(), form.errors
    assert form.submission().geometry == {"type": "LineString", "coordinates": [[7.75, 49.44], [7.77, 49.45]]}


@pytest.mark.parametrize(
    ("category", "values", "field"),
    [
        ("spot", {"latitude": "abc", "longitude": "7.7"}, "latitude"),
        ("spot", {"latitude": "49.4", "longitude": ""}, "longitude"),
        ("spot", {"latitude": "", "longitude": "7.7"}, "latitude"),
        ("spot", {"latitude": "nan", "longitude": "1e400"}, "latitude"),
        ("street", {"positions": "49.44\n7.75"}, "positions"),
        ("meadow", {"positions": "49.44 7.75\n49.45 7.75"}, "positions"),
        ("spot", {"geometry": "{"}, "latitude"),
        ("anything", {"place_type": "polygon", "positions": "x"}, "positions"),
    ],
)
def test_unreadable_places_are_told_at_the_field(
    campaign: Campaign, category: str, values: dict[str, str], field: str
) -> None:
    form = ContributionForm(category_of(campaign, category), posted(**values))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_wrong_answers_are_told_together_with_an_unreadable_place(campaign: Campaign) -> None:
    form = ContributionForm(
        category_of(campaign, "survey"), posted(latitude="x", longitude="7", **{"answers.number": "many"})
    )
    assert not form.is_valid()
    assert set(form.errors) == {"latitude", "answers.number", "answers.yes-no"}


def test_drawn_geometry_wins_over_typed_coordinates(campaign: Campaign) -> None:
    drawn = personas.point(personas.STATION)
    form = ContributionForm(
        category_of(campaign, "spot"),
        posted(geometry=json.dumps(drawn), latitude="1", longitude="2", zoom="17"),
    )
    assert form.is_valid()
    assert (form.submission().geometry, form.submission().zoom) == (drawn, 17)


def test_problems_of_the_services_stand_at_their_fields(campaign: Campaign) -> None:
    form = ContributionForm(category_of(campaign, "survey"), posted(latitude="0", longitude="0"))
    assert form.is_valid()
    form.take(
        Invalid(
            {
                "geometry": [Problem("outside_area")],
                "answers.yes-no": [Problem("required")],
                "photos": [Problem("not_a_photo")],
                "zoom": [Problem("not_a_zoom", {"max": 24})],
                "answers.gone": [Problem("unknown_question")],
            }
        )
    )
    assert set(form.errors) == {"latitude", "answers.yes-no", "photos", "zoom", "__all__"}
    assert "außerhalb des Gebiets" in form.errors["latitude"][0]


def test_other_refusals_stand_above_the_form(campaign: Campaign) -> None:
    form = ContributionForm(category_of(campaign, "spot"), posted(latitude="49.4", longitude="7.7"))
    assert form.is_valid()
    form.take(NotAllowed("campaign_closed", closes_at=campaign.closes_at))
    assert form.non_field_errors()


def test_uploaded_photos_reach_the_services(campaign: Campaign) -> None:
    files: MultiValueDict[str, Any] = MultiValueDict(
        {"photos": [SimpleUploadedFile(f"{number}.jpg", b"x" * number) for number in range(1, 7)]}
    )
    form = ContributionForm(category_of(campaign, "spot"), posted(latitude="49.4", longitude="7.7"), files)
    assert form.is_valid()
    assert [len(photo) for photo in form.submission().photos] == [1, 2, 3, 4]


def test_every_form_has_a_fresh_id_so_that_sending_twice_is_harmless(campaign: Campaign) -> None:
    category = category_of(campaign, "spot")
    first, second = (ContributionForm(category).initial["id"] for _ in range(2))
    assert first != second
    form = ContributionForm(category, posted(latitude="49.4", longitude="7.7", id=str(first)))
    assert form.is_valid()
    assert str(form.submission().id) == first
    nonsense = ContributionForm(category, posted(latitude="49.4", longitude="7.7", id="' or 1=1", zoom="²"))
    assert nonsense.is_valid()
    assert (nonsense.submission().id, nonsense.submission().zoom) == (None, None)


def test_fields_are_rendered_with_label_help_and_errors(campaign: Campaign) -> None:
    category = category_of(campaign, "survey")
    Question.objects.filter(category=category, kind=QuestionKind.TEXT).update(
        title="<b>Where</b>?", help_text="Name a street."
    )
    form = ContributionForm(category, posted(latitude="x"))
    form.is_valid()
    html = render_to_string("mapping/fields.html", {"form": form})
    assert "&lt;b&gt;Where&lt;/b&gt;?" in html
    assert 'aria-describedby="id_answers.text_helptext"' in html
    assert 'id="id_answers.yes-no_error"' in html
    assert 'aria-describedby="id_answers.yes-no_error"' in html
    assert 'style="' not in html
    place = render_to_string("mapping/place_fields.html", {"form": form})
    assert 'aria-invalid="true"' in place
    assert 'type="hidden" name="geometry"' in place


def test_forms_of_several_categories_stand_side_by_side(campaign: Campaign) -> None:
    forms = [question_fields(category_of(campaign, slug)) for slug in ("survey", "spot")]
    html = "".join(render_to_string("mapping/fields.html", {"form": form}) for form in forms)
    assert html.count('id="survey-text"') == html.count('id="spot-text"') == 1


def test_many_choices_become_a_list_to_choose_from(campaign: Campaign) -> None:
    category = category_of(campaign, "spot")
    choices = [{"value": str(number), "title": f"Street {number}"} for number in range(20)]
    Question.objects.create(
        category=category,
        slug="which",
        title="Which?",
        kind=QuestionKind.SINGLE_CHOICE,
        options={"choices": choices},
    )
    html = render_to_string(
        "mapping/fields.html", {"form": ContributionForm(Category.objects.get(pk=category.pk))}
    )
    assert html.count("<option") == 21
