"""A walk over every public address of the API: nothing that is not public ever appears."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern

from mapping.api.urls import urlpatterns
from mapping.exports.registry import formats
from mapping.models import (
    Campaign,
    CommentStatus,
    Contribution,
    ContributionStatus,
    Photo,
    Reply,
)
from mapping.models.contribution import ContributionQuerySet
from tests.api.conftest import ROOT
from tests.personas import make_comment, make_contribution, make_support

MARK = "HIDDEN"
QUERIES = (
    "",
    "?bbox=7,49,8,50",
    "?category=spot",
    "?datetime=2000-01-01/..",
    "?limit=1000",
    "?f=compact&size=100",
)
HIDDEN_PLACE = (7.7777777, 49.4333333)

REQUEST_ID = re.compile(rb"\b[0-9a-f]{32}\b")


@pytest.fixture
def hidden(campaign: Campaign, cells_campaign: Campaign, draft_campaign: Campaign) -> list[Contribution]:
    """One contribution for each reason not to be public, with everything that can hang on one."""
    made = [
        make_contribution(campaign, HIDDEN_PLACE, status=status, text=f"{MARK} {status}", answers={"a": MARK})
        for status in (ContributionStatus.PENDING, ContributionStatus.REJECTED)
    ]
    made += [
        make_contribution(one, HIDDEN_PLACE, status=status, text=f"{MARK} {one.slug}", answers={"a": MARK})
        for one in (cells_campaign, draft_campaign)
        for status in ContributionStatus
    ]
    for one in made:
        make_comment(one, f"{MARK} comment")
        make_support(one)
        Reply.objects.create(contribution=one, status="done", text=f"{MARK} reply")
        Photo.objects.create(contribution=one, file=f"{MARK}.jpg", width=1, height=1, digest=b"x")
    return made


@pytest.fixture
def shown(campaign: Campaign) -> Contribution:
    """A public contribution, with a comment that is not."""
    contribution = make_contribution(campaign, text="SHOWN")
    make_comment(contribution, f"{MARK} pending comment", status=CommentStatus.PENDING)
    make_comment(contribution, f"{MARK} rejected comment", status=CommentStatus.REJECTED)
    make_comment(contribution, "A public comment")
    return contribution


def addresses(contributions: list[Contribution]) -> Iterator[str]:
    """Every route of the API for every campaign and contribution; fails for a route with an unknown parameter."""
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        if route.startswith("^"):
            continue
        for one in contributions:
            for ending in formats():
                address = route.replace("<slug:slug>", one.campaign.slug).replace("<uuid:pk>", str(one.pk))
                address = address.replace("<str:ending>", ending.name).replace("<uuid:job>", str(one.pk))
                comment = one.comments.first()
                address = address.replace("<uuid:comment>", str(comment.public_id if comment else one.pk))
                assert "<" not in address, f"The walk does not know how to fill {route}."
                yield f"{ROOT}/{address}"


def test_public_walk_never_meets_hidden_content(
    hidden: list[Contribution], shown: Contribution, public: Client
) -> None:
    met = ""
    walked = sorted(set(addresses([*hidden, shown])))
    assert len(walked) > 40
    for address in walked:
        for query in QUERIES:
            response = public.get(address + query)
            body = response.getvalue().decode(errors="replace")
            assert response.status_code < 500, address
            assert MARK not in body, address + query
            assert "7.7777777" not in body, address + query
            assert "secret-plan" not in body.replace(address, "").replace(query, ""), address + query
            numbers = re.findall(
                r'"(?:contributions|participants|numberMatched|numberReturned)": ?([0-9]+)', body
            )
            assert {int(number) for number in numbers} <= {0, 1}, address + query
            met += body
    assert "SHOWN" in met
    assert "A public comment" in met


def test_draft_and_unknown_campaign_answer_alike(hidden: list[Contribution], public: Client) -> None:
    for one in sorted(set(addresses([two for two in hidden if two.campaign.slug == "secret-plan"]))):
        if "secret-plan" not in one:
            continue
        for method in ("get", "post", "put", "delete", "head"):
            draft = getattr(public, method)(one)
            unknown = getattr(public, method)(one.replace("secret-plan", "no-such-plan"))
            assert draft.status_code == unknown.status_code
            said = [REQUEST_ID.sub(b"", answer.getvalue()) for answer in (draft, unknown)]
            assert said[0] == said[1]


def test_everything_read_goes_through_the_one_gate(
    hidden: list[Contribution], shown: Contribution, public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the gate shut, the API is empty: no address reads around it."""
    monkeypatch.setattr(ContributionQuerySet, "published", lambda self: self.none())
    for address in sorted(set(addresses([shown]))):
        body = public.get(address + "?").getvalue().decode(errors="replace")
        assert "SHOWN" not in body, address
