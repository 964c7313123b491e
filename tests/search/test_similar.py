"""Contributions that resemble a text: public ones of the campaign alone, the most similar first."""

import pytest
from pytest_django import DjangoAssertNumQueries

from mapping.models import Campaign, ContributionStatus
from mapping.search.similar import MOST_SIMILAR, similar
from tests import personas

pytestmark = pytest.mark.django_db

BENCHES = "Mehr Bänke im Stadtpark aufstellen, damit ältere Menschen sich ausruhen können."


def texts(campaign: Campaign, text: str) -> list[str]:
    return [one.text for one in similar(campaign, text)]


@pytest.mark.parametrize(
    "typed",
    [
        "Bitte mehr Bänke im Stadtpark",
        "Bänke zum Ausruhen für ältere Menschen im Stadtpark",
        "stadtpark: sitzbänke aufstellen",
        BENCHES,
    ],
)
def test_what_says_the_same_is_found(campaign: Campaign, typed: str) -> None:
    personas.make_contribution(campaign, text=BENCHES)
    personas.make_contribution(campaign, text="Ein Radweg an der Lauter wäre schön.")
    assert texts(campaign, typed) == [BENCHES]


@pytest.mark.parametrize(
    "typed",
    ["", "Bänke", "der die das und", "Radweg Lauter Fahrrad", "🌳 🌳 🌳", "'); DROP TABLE --", "%s %(a)s"],
)
def test_what_says_something_else_finds_nothing(campaign: Campaign, typed: str) -> None:
    personas.make_contribution(campaign, text=BENCHES)
    assert texts(campaign, typed) == []


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.REJECTED])
def test_what_is_not_public_is_never_found(campaign: Campaign, status: ContributionStatus) -> None:
    personas.make_contribution(campaign, text=BENCHES, status=status)
    assert texts(campaign, BENCHES) == []


def test_nothing_of_drafts_protected_and_other_campaigns_is_found(campaign: Campaign) -> None:
    for other in (
        personas.make_campaign("draft", is_draft=True),
        personas.make_campaign("cells", publication="cells"),
        personas.make_campaign("other"),
    ):
        personas.make_contribution(other, text=BENCHES)
        assert texts(other, BENCHES) == ([BENCHES] if other.slug == "other" else [])
    assert texts(campaign, BENCHES) == []


def test_the_most_similar_come_first_and_only_few(campaign: Campaign) -> None:
    for number in range(MOST_SIMILAR + 2):
        personas.make_contribution(campaign, text=f"{BENCHES} Und noch etwas anderes, Nummer {number}.")
    personas.make_contribution(campaign, text=BENCHES)
    found = texts(campaign, BENCHES)
    assert len(found) == MOST_SIMILAR
    assert found[0] == BENCHES


def test_long_texts_take_four_queries(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(5):
        personas.make_contribution(campaign, text=BENCHES, footprint=False)
    with django_assert_num_queries(4):
        similar(campaign, BENCHES * 60)
