"""What people were promised is removed at its date; what is counted stays as it was."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from mapping.aggregation import footprint
from mapping.models import (
    Audience,
    Campaign,
    Comment,
    Contribution,
    Flag,
    Footprint,
    InternalNote,
    ModerationEvent,
    PairwiseKey,
    Participant,
    Photo,
    Response,
    RetentionRecord,
    RetentionSpan,
    RetentionSubject,
    Source,
    SurveyTally,
    TaggedText,
    TextTag,
)
from mapping.services import export_jobs, feedback
from mapping.services.errors import NotAllowed
from mapping.services.identity import existing_participant, number_who_took_part, participant_for
from mapping.services.moderation import moderate
from mapping.services.own.person import person_with
from mapping.services.releases import making as releases
from mapping.services.retained import removing
from mapping.services.retained.parts import PARTS, REMOVED
from mapping.services.retained.people import CUT_BYTES
from mapping.services.signing_in.pairwise import secret_of_person
from mapping.services.submit import Submission, submit
from mapping.services.surveys.responses import Sheet, respond
from tests import personas
from tests.personas import GOOD_ANSWERS, Citizen, point
from tests.services.photos.test_attachments import colourful, files
from tests.surveys.world import COLOURS, ask

DAY = date(2031, 1, 1)
"""After every date of the tests."""


def keep(campaign: Campaign, *subjects: str) -> None:
    for subject in subjects:
        RetentionSpan.objects.create(campaign=campaign, subject=subject, months=1)


def run(campaign: Campaign, *subjects: str) -> int:
    keep(campaign, *subjects)
    return removing.remove_due(DAY)


@pytest.fixture
def given(campaign: Campaign, citizen: Citizen, another_citizen: Citizen, manager: User) -> Contribution:
    """A contribution with everything that hangs on one."""
    sent = Submission("survey", point(), "I am Ada", GOOD_ANSWERS, zoom=17, photos=[colourful(0)])
    stored = submit(campaign, sent, citizen.secret).contribution
    moderate.edit(stored, manager, text="I am A.", reason="Ada's name")
    moderate.publish(stored, manager)
    feedback.set_support(stored, 1, another_citizen.secret)
    said = feedback.comment(stored, "Hello Ada", another_citizen.secret)
    moderate.publish_comment(said, manager)
    feedback.reply(stored, manager, "planned", "We shall do it.")
    InternalNote.objects.create(contribution=stored, author=manager, text="Ada again")
    personas.make_flag(stored, "Ada lies")
    return Contribution.objects.get(pk=stored.pk)


def test_nothing_is_removed_before_its_date(given: Contribution) -> None:
    keep(given.campaign, *RetentionSubject.values)
    first = RetentionSpan.objects.of(given.campaign).earliest("until").until
    assert first is not None
    assert removing.remove_due(first - timedelta(days=1)) == 0
    given.refresh_from_db()
    assert given.text == "I am A."


def test_texts_go_and_what_is_counted_stays(given: Contribution) -> None:
    answers = dict(given.answers)
    assert run(given.campaign, "texts") > 0
    now = Contribution.objects.get(pk=given.pk)
    assert now.text == ""
    assert now.answers == {name: answers[name] for name in answers if name not in {"text", "long-text"}}
    assert (now.support_count, now.comment_count) == (given.support_count, given.comment_count) == (1, 1)
    assert (now.status, now.category_id, now.geom) == (given.status, given.category_id, given.geom)
    assert [one.text for one in Comment.objects.all()] == [REMOVED]
    assert set(ModerationEvent.objects.values_list("reason", flat=True)) == {""}
    assert all(one.original == {} for one in ModerationEvent.objects.all())
    assert not InternalNote.objects.exists()
    assert not Flag.objects.exists()
    assert now.replies.get().text == "We shall do it."
    assert now.photos.count() == 1


def test_other_campaigns_keep_what_they_have(given: Contribution) -> None:
    elsewhere = personas.make_contribution(personas.make_campaign("elsewhere"), text="Still here")
    run(given.campaign, *RetentionSubject.values)
    elsewhere.refresh_from_db()
    assert elsewhere.text == "Still here"


def test_places_of_the_city_stay_as_they_are(campaign: Campaign) -> None:
    plan = personas.make_contribution(
        campaign,
        personas.wkt("LINESTRING(7.75 49.44, 7.76 49.45)"),
        category="plan",
        source=Source.CITY,
        title="New path",
        text="From the station to the park",
    )
    run(campaign, *RetentionSubject.values)
    now = Contribution.objects.get(pk=plan.pk)
    assert (now.title, now.text, now.geom) == (plan.title, plan.text, plan.geom)


@pytest.mark.django_db(transaction=True)
def test_photos_go_with_their_files(given: Contribution) -> None:
    assert files()
    run(given.campaign, "photos")
    assert not Photo.objects.exists()
    assert files() == []


def test_second_run_finds_nothing_and_the_record_has_numbers_only(given: Contribution) -> None:
    number = run(given.campaign, *RetentionSubject.values)
    assert removing.remove_due(DAY) == 0
    records = RetentionRecord.objects.filter(campaign=given.campaign)
    assert sum(one.number for one in records) == number
    assert {one.day for one in records} == {DAY}
    assert records.get(part="photos").number == 1
    assert all(one.done_at for one in RetentionSpan.objects.of(given.campaign))
    for part in PARTS:
        assert not part.found(given.campaign).exists(), part.name


def test_batches_reach_every_row(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removing, "BATCH", 2)
    for _ in range(5):
        personas.make_contribution(campaign, text="Mine")
    run(campaign, "texts")
    assert set(Contribution.objects.values_list("text", flat=True)) == {""}
    assert RetentionRecord.objects.get(part="contributions").number == 5


def test_interrupted_night_is_finished_by_the_next_one(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removing, "BATCH", 2)
    for _ in range(5):
        personas.make_contribution(campaign, text="Mine")
    keep(campaign, "texts")
    revoke, done = export_jobs.revoke, []

    def fail_in_the_second_batch(one: Campaign) -> None:
        done.append(one)
        if len(done) == 2:
            raise OSError("away")
        revoke(one)

    monkeypatch.setattr(export_jobs, "revoke", fail_in_the_second_batch)
    removing.remove_due(DAY)
    assert Contribution.objects.filter(text="").count() == 2
    assert RetentionSpan.objects.get().done_at is None
    removing.remove_due(DAY)
    assert Contribution.objects.filter(text="").count() == 5
    assert RetentionRecord.objects.get(part="contributions").number == 5


def test_what_comes_in_later_goes_the_next_night(campaign: Campaign) -> None:
    run(campaign, "texts")
    late = personas.make_contribution(campaign, text="From a sheet of paper")
    assert removing.remove_due(DAY + timedelta(days=1)) == 1
    late.refresh_from_db()
    assert late.text == ""


def test_person_is_counted_as_before_and_found_by_no_cookie(given: Contribution, citizen: Citizen) -> None:
    campaign = given.campaign
    before = number_who_took_part(campaign, is_public=False)
    run(campaign, "people")
    assert existing_participant(campaign, citizen.secret) is None
    assert person_with(citizen.secret, "de").participants == []
    assert number_who_took_part(campaign, is_public=False) == before == 2
    assert {len(bytes(one.key)) for one in Participant.objects.all()} == {CUT_BYTES}
    assert given.supports.count() == 1


def test_signed_in_people_are_found_no_more(campaign: Campaign) -> None:
    before = secret_of_person(campaign, "https://id.example", "ada")
    participant_for(campaign, before)
    run(campaign, "people")
    assert existing_participant(campaign, before) is None
    stored = PairwiseKey.objects.get()
    assert (bytes(stored.key), bytes(stored.mark)) == (b"", b"")
    # Nobody comes back as another person, who could vote again.
    with pytest.raises(NotAllowed, match="sign_in_key_lost"):
        secret_of_person(campaign, "https://id.example", "ada")


def test_tags_of_texts_go_with_the_texts(campaign: Campaign, citizen: Citizen) -> None:
    ask(campaign, "why", "text")
    respond(campaign, Sheet({"why": "Ada likes it"}), citizen.secret)
    tag = TextTag.objects.create(campaign=campaign, name="Names a person")
    TaggedText.objects.create(tag=tag, response=Response.objects.get(), writing="why")
    run(campaign, "texts")
    assert not TaggedText.objects.exists()
    assert TextTag.objects.get() == tag


def test_ids_of_imported_files_go_with_people(campaign: Campaign) -> None:
    personas.make_contribution(campaign, external_id="Sheet 17 of Ada", source=Source.IMPORT)
    run(campaign, "people")
    assert Contribution.objects.get().external_id is None


def test_points_move_to_the_centre_of_their_cell_and_heat_maps_stay(campaign: Campaign) -> None:
    for place in (personas.TOWN_HALL, personas.STATION, personas.UNIVERSITY):
        personas.make_contribution(campaign, place)
    cells = cells_of()
    run(campaign, "places")
    for one in Contribution.objects.all():
        assert one.geom_laea.x % 100 == pytest.approx(50, abs=0.01)
        assert one.geom_laea.y % 100 == pytest.approx(50, abs=0.01)
    assert cells_of() == cells
    assert footprint.rebuild(campaign).differences == 0


def cells_of() -> list[int]:
    return sorted(Footprint.objects.values_list("cell", flat=True))


@pytest.mark.parametrize(
    ("category", "shape", "kind"),
    [
        ("street", "LINESTRING(7.75 49.44, 7.76 49.45, 7.77 49.45)", "LineString"),
        ("street", "LINESTRING(7.7500 49.4400, 7.7501 49.4400)", None),
        ("meadow", "POLYGON((7.75 49.44, 7.76 49.44, 7.76 49.45, 7.75 49.45, 7.75 49.44))", "Polygon"),
        ("meadow", "POLYGON((7.75 49.44, 7.7502 49.44, 7.7502 49.4401, 7.75 49.44))", "Point"),
    ],
)
def test_shapes_keep_no_exact_corner(campaign: Campaign, category: str, shape: str, kind: str | None) -> None:
    before = personas.make_contribution(campaign, personas.wkt(shape), category=category)
    run(campaign, "places")
    now = Contribution.objects.get(pk=before.pk)
    assert now.geom is not None
    assert now.geom.valid
    assert kind is None or now.geom.geom_type == kind
    corners = now.geom_laea.coords if now.geom_laea.geom_type != "Polygon" else now.geom_laea.coords[0]
    for x, y in [corners] if now.geom_laea.geom_type == "Point" else corners:
        assert x % 100 == pytest.approx(50, abs=0.01)
        assert y % 100 == pytest.approx(50, abs=0.01)
    assert footprint.rebuild(campaign).differences == 0
    assert removing.remove_due(DAY) == 0


def test_survey_is_counted_as_before(campaign: Campaign, citizen: Citizen) -> None:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, required=True)
    ask(campaign, "why", "text")
    ask(campaign, "home", "place")
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    ask(campaign, "name", "text", audience=Audience.STAFF)
    home = {"type": "Point", "coordinates": [7.7689123, 49.4447456]}
    sheet = Sheet({"colour": "red", "why": "Ada likes it", "home": home, "age": 41, "name": "Ada"})
    respond(campaign, sheet, citizen.secret)
    before = SurveyTally.objects.of(campaign.pk)
    run(campaign, "texts", "places", "people")
    now = Response.objects.get()
    assert now.answers == {
        "colour": "red",
        "why": REMOVED,
        "home": {"type": "Point", "coordinates": [7.769, 49.445]},
    }
    assert now.staff_answers == {"age": 41, "name": REMOVED}
    assert SurveyTally.objects.of(campaign.pk) == before
    run(campaign, "staff_answers")
    assert Response.objects.get().staff_answers == {}
    assert "age" not in SurveyTally.objects.of(campaign.pk)


def test_areas_of_protected_campaigns_stay(cells_campaign: Campaign) -> None:
    for number in range(cells_campaign.k + 1):
        personas.make_contribution(cells_campaign, text=f"I am number {number}")
    first = releases.make_release(cells_campaign)
    assert first is not None
    cells = list(first.cells.values_list("size", "cell", "mask", "contributions"))
    run(cells_campaign, *RetentionSubject.values)
    again = releases.make_release(cells_campaign)
    assert list((again or first).cells.values_list("size", "cell", "mask", "contributions")) == cells


def test_interfaces_answer_without_what_is_gone(given: Contribution) -> None:
    campaign = given.campaign
    run(campaign, *RetentionSubject.values)
    browser = Client()
    items = f"/ogc/collections/{campaign.slug}-contributions/items?f=json"
    one = browser.get(items).json()["features"][0]["properties"]
    assert one["text"] in (None, "")
    assert "near the bridge" not in str(one)
    api = browser.get(f"/api/v1/campaigns/{campaign.slug}/contributions/{given.pk}/")
    assert (api.status_code, api.json()["properties"]["text"]) == (200, "")
    for ending in ("csv", "geojson"):
        file = browser.get(f"/api/v1/campaigns/{campaign.slug}/download.{ending}")
        assert b"Ada" not in file.getvalue()
    page = browser.get(f"/campaigns/{campaign.slug}/contributions/{given.pk}/")
    assert page.status_code == 200
    assert "Ada" not in page.content.decode()


def test_answer_that_was_kept_is_not_given_again(given: Contribution) -> None:
    items = f"/ogc/collections/{given.campaign.slug}-contributions/items?f=json"
    browser = Client()
    assert "I am A." in browser.get(items).content.decode()
    run(given.campaign, "texts")
    assert "I am A." not in browser.get(items).content.decode()


def test_search_finds_nothing_of_it(given: Contribution) -> None:
    Contribution.objects.filter(pk=given.pk).update(text="Zanzibar is dark")
    browser = Client()
    assert str(given.pk) in browser.get("/search/?q=Zanzibar").content.decode()
    run(given.campaign, "texts")
    assert str(given.pk) not in browser.get("/search/?q=Zanzibar").content.decode()


def test_error_of_one_campaign_keeps_no_other_one_waiting(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = personas.make_campaign("other")
    for one in (campaign, other):
        personas.make_contribution(one, text="Mine")
        keep(one, "texts")
    revoke = export_jobs.revoke

    def fail(one: Campaign) -> None:
        if one == campaign:
            raise OSError("away")
        revoke(one)

    monkeypatch.setattr(export_jobs, "revoke", fail)
    removing.remove_due(DAY)
    assert list(Contribution.objects.filter(text="").values_list("campaign", flat=True)) == [other.pk]
    assert "texts of" in caplog.text
    assert "Mine" not in caplog.text
