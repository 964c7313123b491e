"""What was answered to a question that is asked no more, or for staff only, is in no public answer."""

import json

import pytest
from django.db import connection
from django.test import Client

from mapping.models import Audience, Campaign, Contribution, Question
from tests.personas import category_of, make_contribution

API = "/api/v1/campaigns/fear-spaces"
ADDRESSES = (
    f"{API}/contributions/",
    f"{API}/contributions/%s/",
    f"{API}/download.geojson",
    f"{API}/download.csv",
    "/ogc/collections/fear-spaces-contributions/items",
    "/dipas-pds/projects/fear-spaces/contributions",
    "/dipas-pds/projects/fear-spaces/commentedcontributions/%s",
)


@pytest.fixture
def answered(campaign: Campaign) -> Contribution:
    """Answers to two questions, one of which is deleted, and to none of a name that another category asks."""
    for slug in ("phone", "light"):
        Question.objects.create(category=category_of(campaign, "spot"), slug=slug, title=slug, kind="text")
    Question.objects.create(
        category=category_of(campaign, "street"), slug="phone", title="phone", kind="text"
    )
    made = make_contribution(campaign, category="spot", answers={"phone": "0631 12345", "light": "weak"})
    make_contribution(campaign, category="spot")
    Question.objects.filter(slug="phone").delete()
    return made


@pytest.mark.parametrize("address", ADDRESSES)
def test_answers_to_a_deleted_question_are_not_public(answered: Contribution, address: str) -> None:
    answer = Client().get(address.replace("%s", str(answered.pk)))
    assert answer.status_code == 200
    text = answer.getvalue().decode()
    assert "0631 12345" not in text
    assert "weak" in text


def test_contribution_without_answers_has_an_empty_object(answered: Contribution) -> None:
    features = json.loads(Client().get(f"{API}/contributions/").content)["features"]
    assert sorted((one["properties"]["answers"] for one in features), key=str) == [{"light": "weak"}, {}]


@pytest.mark.parametrize("address", [*ADDRESSES, "/campaigns/fear-spaces/contributions/%s/"])
def test_answer_sent_while_its_question_was_given_to_the_staff_is_not_public(
    campaign: Campaign, address: str
) -> None:
    for slug in ("phone", "light"):
        Question.objects.create(category=category_of(campaign, "spot"), slug=slug, title=slug, kind="text")
    made = make_contribution(campaign, category="spot", answers={"phone": "0631 12345", "light": "weak"})
    with connection.cursor() as cursor:
        # As for a contribution that is stored at the same moment, which the statement does not see yet.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE mapping_question DISABLE TRIGGER mapping_question_audience")
        Question.objects.filter(slug="phone").update(audience=Audience.STAFF)
        cursor.execute("ALTER TABLE mapping_question ENABLE TRIGGER mapping_question_audience")
    made.refresh_from_db()
    assert "phone" in made.answers
    text = Client().get(address.replace("%s", str(made.pk))).getvalue().decode()
    assert "0631 12345" not in text
    assert "weak" in text
