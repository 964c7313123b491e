"""The copy of everything that people take home: all of theirs, nothing of others, whoever holds the cookie."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Contribution, Question
from mapping.services.own.kinds import OWN_KINDS
from mapping.services.signing_in.pairwise import secret_of_person
from mapping.services.submit import Submission, submit
from tests import personas
from tests.mine.world import PROTECTED_WORDS, browser_of, fill, forged
from tests.personas import GOOD_ANSWERS, Citizen, point
from tests.services.photos.test_attachments import colourful
from tests.signing_in.provider import signed_in_only, use
from tests.signing_in.test_taking_part import ISSUER
from tests.signing_in.test_taking_part import browser_of as browser_signed_in

pytestmark = pytest.mark.django_db
PAGE = "/mine/export/"


def opened(browser: Client) -> zipfile.ZipFile:
    answer: Any = browser.get(PAGE)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "private, no-store"
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


@pytest.fixture
def filled(
    campaign: Campaign, cells_campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> Campaign:
    """Two people have everything in two campaigns; one of them has a photo and answers, too."""
    for person in (citizen, another_citizen):
        fill(person, campaign, cells_campaign)
    sent = Submission("survey", point(), "With a photo", GOOD_ANSWERS, photos=[colourful(0)])
    submit(campaign, sent, citizen.secret)
    return campaign


def test_file_has_everything_of_its_holder_and_nothing_of_others(filled: Campaign, citizen: Citizen) -> None:
    archive = opened(browser_of(citizen))
    assert archive.testzip() is None
    data, page = json.loads(archive.read("data.json")), archive.read("index.html").decode()
    for words in ("Place of citizen", "Comment of citizen", "Wish of citizen", "Proposal of citizen"):
        assert words in page, words
        assert words in json.dumps(data), words
    assert PROTECTED_WORDS in page
    assert "another citizen" not in page + json.dumps(data)
    assert "A neighbour" not in page
    assert set(data) == {"made_at", "site", *(kind.name for kind in OWN_KINDS)}
    assert all(data[kind.name] for kind in OWN_KINDS)
    assert filled.title in page


def test_answers_come_with_their_questions_and_photos_as_files(filled: Campaign, citizen: Citizen) -> None:
    archive = opened(browser_of(citizen))
    [one] = [
        each
        for each in json.loads(archive.read("data.json"))["contributions"]
        if each["text"] == "With a photo"
    ]
    answers = {each["question"]: each["words"] for each in one["answers"]}
    titles = dict(Question.objects.filter(category__slug="survey").values_list("slug", "title"))
    assert answers[titles["text"]] == "near the bridge"
    assert answers[titles["single-choice"]] == "At night"
    assert archive.read(one["photos"][0]).startswith(b"\xff\xd8")
    assert one["photos"][0] in archive.read("index.html").decode()


def test_places_are_geojson(filled: Campaign, citizen: Citizen) -> None:
    places = json.loads(opened(browser_of(citizen)).read("places.geojson"))
    assert places["type"] == "FeatureCollection"
    assert {each["geometry"]["type"] for each in places["features"]} == {"Point"}
    texts = {each["properties"]["text"] for each in places["features"]}
    assert texts == {"Place of citizen", PROTECTED_WORDS, "With a photo"}


def test_of_a_ballot_it_tells_only_that_it_was_cast(filled: Campaign, citizen: Citizen) -> None:
    [ballot] = json.loads(opened(browser_of(citizen)).read("data.json"))["ballots"]
    assert set(ballot) == {"project", "address", "title", "at", "states", "number"}
    assert ballot["at"] is None


def test_page_of_the_file_is_in_the_language_of_the_site(filled: Campaign, citizen: Citizen) -> None:
    german = citizen.browser()
    german.cookies["django_language"] = "de"
    page = opened(german).read("index.html").decode()
    assert '<html lang="de">' in page
    assert "Was diese Website von mir hat" in page


def test_lost_photo_costs_nothing_else(filled: Campaign, citizen: Citizen) -> None:
    photo = Contribution.objects.get(text="With a photo").photos.get()
    photo.file.storage.delete(str(photo.file.name))
    archive = opened(browser_of(citizen))
    assert "With a photo" in archive.read("data.json").decode()
    assert archive.namelist() == ["index.html", "data.json", "places.geojson"]


@pytest.mark.parametrize("who", ["nobody", "forged"])
def test_without_a_cookie_there_is_no_file(filled: Campaign, who: str) -> None:
    browser = Client() if who == "nobody" else forged()
    answer = browser.get(PAGE)
    assert (answer.status_code, answer["Location"]) == (302, "/mine/")


def test_hostile_text_stays_text(campaign: Campaign, citizen: Citizen) -> None:
    personas.make_contribution(campaign, by=citizen, text="<script>alert(1)</script>")
    page = opened(browser_of(citizen)).read("index.html").decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_copy_has_what_a_signed_in_person_sent_from_other_devices(
    campaign: Campaign, settings: Settings
) -> None:
    use(settings, ISSUER)
    signed_in_only(campaign)
    secret = secret_of_person(campaign, ISSUER, "ada")
    personas.make_contribution(campaign, by=Citizen("ada", secret), text="Sent by Ada")
    personas.make_contribution(
        campaign, by=Citizen("bob", secret_of_person(campaign, ISSUER, "bob")), text="Bob"
    )
    data = json.loads(opened(browser_signed_in(campaign, "ada")).read("data.json"))
    assert [one["text"] for one in data["contributions"]] == ["Sent by Ada"]
