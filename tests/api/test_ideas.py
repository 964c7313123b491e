"""Answers to comments, support for comments, reports and similar contributions through the API."""

import pytest
from django.test import Client

from mapping.models import Campaign, Comment, CommentStatus, CommentSupport, Contribution, Flag
from tests import personas
from tests.api.conftest import code, contributions_url, reasons

SLUG = "fear-spaces"


def url_of(contribution: Contribution, path: str) -> str:
    return f"{contributions_url(SLUG)}{contribution.pk}/{path}"


def test_comments_name_the_comment_that_they_answer(published: Contribution, public: Client) -> None:
    parent = personas.make_comment(published)
    response = public.post(
        url_of(published, "comments/"), {"text": "Why?", "parent": parent.public_id}, "application/json"
    )
    assert response.status_code == 201
    assert response.json()["parent"] == str(parent.public_id)
    Comment.objects.update(status=CommentStatus.PUBLISHED)
    personas.make_comment_support(parent)
    first, second = public.get(url_of(published, "comments/")).json()["comments"]
    assert (first["parent"], first["answers_comment"], first["support"]) == (None, False, 1)
    assert (second["parent"], second["answers_comment"], second["support"]) == (first["id"], True, 0)
    Comment.objects.filter(pk=parent.pk).update(status=CommentStatus.REJECTED)
    [alone] = public.get(url_of(published, "comments/")).json()["comments"]
    assert (alone["parent"], alone["answers_comment"]) == (None, True)


@pytest.mark.parametrize("parent", ["x", 5, [], "00000000-0000-0000-0000-000000000001"])
def test_wrong_parents_are_refused_at_their_field(
    published: Contribution, public: Client, parent: object
) -> None:
    response = public.post(
        url_of(published, "comments/"), {"text": "Why?", "parent": parent}, "application/json"
    )
    assert response.status_code == 400
    assert reasons(response) == {"parent": "no_such_comment"}


def test_comments_are_supported_and_that_is_taken_back(published: Contribution, public: Client) -> None:
    comment = personas.make_comment(published)
    url = url_of(published, f"comments/{comment.public_id}/support/")
    for _time in range(2):
        assert public.post(url).json() == {"support": 1}
    assert public.delete(url).json() == {"support": 0}
    assert not CommentSupport.objects.exists()


def test_hidden_comments_are_neither_supported_nor_reported(published: Contribution, public: Client) -> None:
    comment = personas.make_comment(published, status=CommentStatus.REJECTED)
    for path in ("support/", "report/"):
        url = url_of(published, f"comments/{comment.public_id}/{path}")
        assert public.post(url, {"reason": "insulting"}, "application/json").status_code == 404


def test_contributions_and_comments_are_reported(published: Contribution, public: Client) -> None:
    comment = personas.make_comment(published)
    for path in ("report/", f"comments/{comment.public_id}/report/"):
        response = public.post(
            url_of(published, path), {"reason": "unlawful", "text": "It lies."}, "application/json"
        )
        assert response.status_code == 204
        assert not response.cookies
    assert [(one.contribution, one.comment) for one in Flag.objects.all()] == [
        (published, None),
        (None, comment),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"reason": "unknown_flag_reason"}),
        ({"reason": 5}, {"reason": "unknown_flag_reason"}),
        ({"reason": "other"}, {"text": "flag_unexplained"}),
        ({"reason": "other", "text": ["x"]}, {"text": "not_a_text"}),
        ({"reason": "insulting", "text": "x" * 1001}, {"text": "too_long"}),
    ],
)
def test_bad_reports_are_problems_at_their_fields(
    published: Contribution, public: Client, body: object, expected: dict[str, str]
) -> None:
    response = public.post(url_of(published, "report/"), body, "application/json")
    assert response.status_code == 400
    assert reasons(response) == expected
    assert not Flag.objects.exists()


def test_similar_contributions_are_found_by_a_text_in_the_body(campaign: Campaign, public: Client) -> None:
    text = "Mehr Bänke im Stadtpark aufstellen, bitte."
    stored = personas.make_contribution(campaign, text=text)
    response = public.post(
        f"{contributions_url(SLUG)}similar/", {"text": "Bitte Bänke im Stadtpark!"}, "application/json"
    )
    assert response.json() == {
        "similar": [
            {
                "id": str(stored.pk),
                "category": "spot",
                "title": "",
                "excerpt": text,
                "place_words": "",
                "distance": None,
                "url": f"http://testserver/campaigns/{SLUG}/contributions/{stored.pk}/",
                "support": 0,
                "may_support": True,
            }
        ]
    }
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("body", "reason"), [({}, "required"), ({"text": 5}, "not_a_text"), ([], "required")]
)
def test_similar_contributions_need_a_text(
    campaign: Campaign, public: Client, body: object, reason: str
) -> None:
    response = public.post(f"{contributions_url(SLUG)}similar/", body, "application/json")
    assert response.status_code == 400
    assert reasons(response) == {"text": reason}


def test_protected_campaigns_find_nothing_similar(public: Client, db: None) -> None:
    personas.make_campaign("cells", publication="cells")
    response = public.post(f"{contributions_url('cells')}similar/", {"text": "Dark"}, "application/json")
    assert (response.status_code, code(response)) == (403, "publishes_cells")
