"""Answers to comments, support for comments and reports of content as plain forms."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from doors import visitors
from mapping.models import Campaign, Comment, CommentStatus, CommentSupport, Contribution, Flag, Participant
from tests import personas
from tests.web.test_feedback_forms import address_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Client:
    """A stranger who reads English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def page_of(client: Client, contribution: Contribution) -> str:
    return client.get(address_of(contribution)).content.decode()


def test_answers_stand_below_their_comment(reader: Client, published: Contribution) -> None:
    first, second = (personas.make_comment(published, words) for words in ("One", "Two"))
    personas.make_comment(published, "Two and a half", parent=second)
    personas.make_comment(published, "One and a half", parent=first)
    html = page_of(reader, published)
    assert re.findall(r"<p>(One|Two|One and a half|Two and a half)</p>", html) == [
        "One",
        "One and a half",
        "Two",
        "Two and a half",
    ]
    # Answers themselves have no form.
    assert html.count('name="parent"') == 2


def test_an_answer_to_what_is_not_public_any_more_says_so(reader: Client, published: Contribution) -> None:
    parent = personas.make_comment(published, "Rude words")
    personas.make_comment(published, "Please be kind.", parent=parent)
    Comment.objects.filter(pk=parent.pk).update(status=CommentStatus.REJECTED)
    html = page_of(reader, published)
    assert "Please be kind." in html
    assert "Answer to a comment that is not here any more" in html
    assert "Rude words" not in html
    assert str(parent.public_id) not in html


def test_an_answer_is_sent_by_the_form_below_the_comment(reader: Client, published: Contribution) -> None:
    parent = personas.make_comment(published)
    response = reader.post(address_of(published, "comment/"), {"text": "Why?", "parent": parent.public_id})
    assert response.status_code == 303
    assert Comment.objects.get(text="Why?").parent == parent
    assert "Why?" in page_of(reader, published)
    assert "Why?" not in page_of(Client(), published)


@pytest.mark.parametrize("parent", ["x", "00000000-0000-0000-0000-000000000001", "%00"])
def test_a_refused_answer_keeps_its_words(reader: Client, published: Contribution, parent: str) -> None:
    response = reader.post(address_of(published, "comment/"), {"text": "Why?", "parent": parent})
    assert response.status_code == 422
    assert not Comment.objects.exists()


def test_an_empty_answer_shows_the_problem_below_its_comment(reader: Client, published: Contribution) -> None:
    parent = personas.make_comment(published)
    response = reader.post(address_of(published, "comment/"), {"text": " ", "parent": parent.public_id})
    html = response.content.decode()
    assert response.status_code == 422
    assert re.search(r'<details class="comment__answer"\s+open>', html)
    assert html.count('id="comment-error"') == 1


def test_a_comment_is_supported_by_a_button_that_says_so(reader: Client, published: Contribution) -> None:
    comment = personas.make_comment(published)
    address = address_of(published, f"comments/{comment.public_id}/support/")
    response = reader.post(address, {"value": "1"})
    assert response.status_code == 303
    assert response.headers["Location"] == f"{address_of(published)}#comment-{comment.public_id}"
    assert 'aria-pressed="true"' in page_of(reader, published)
    assert 'aria-pressed="true"' not in page_of(Client(), published)
    reader.post(address, {"value": "0"})
    assert not CommentSupport.objects.exists()


@pytest.mark.parametrize("value", ["", "2", "-1", "x"])
def test_comments_cannot_be_opposed(reader: Client, published: Contribution, value: str) -> None:
    comment = personas.make_comment(published)
    address = address_of(published, f"comments/{comment.public_id}/support/")
    assert reader.post(address, {"value": value}).status_code == 422
    assert not CommentSupport.objects.exists()


@pytest.mark.parametrize("what", ["contribution", "comment"])
def test_anybody_reports_without_an_account_or_cookie(
    reader: Client, published: Contribution, what: str
) -> None:
    comment = personas.make_comment(published, "Rude words")
    path = "report/" if what == "contribution" else f"comments/{comment.public_id}/report/"
    people = Participant.objects.count()
    assert f'href="{address_of(published, path)}"' in page_of(reader, published)
    form = reader.get(address_of(published, path)).content.decode()
    assert ("Rude words" if what == "comment" else published.text) in form
    response = reader.post(
        address_of(published, path), {"reason": "unlawful", "text": "It lies."}, follow=True
    )
    assert "Our moderators will look at it." in response.content.decode()
    assert "participant" not in reader.cookies
    flag = Flag.objects.get()
    assert (flag.comment, flag.contribution) == (
        (None, published) if what == "contribution" else (comment, None)
    )
    assert Participant.objects.count() == people


def test_a_report_without_reason_or_explanation_keeps_what_was_written(
    reader: Client, published: Contribution
) -> None:
    response = reader.post(address_of(published, "report/"), {"text": "Because <b>"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Please choose a reason." in html
    assert "Because &lt;b&gt;" in html
    html = reader.post(address_of(published, "report/"), {"reason": "other"}).content.decode()
    assert "Please explain what is wrong with it." in html
    assert re.search(r'value="other"\s+required checked', html)
    assert not Flag.objects.exists()


def test_reports_are_limited_by_network(reader: Client, published: Contribution) -> None:
    number = visitors.FLAG.limit.most
    for index in range(number):
        reader.post(address_of(published, "report/"), {"reason": "other", "text": str(index)})
    response = reader.post(address_of(published, "report/"), {"reason": "other", "text": "more"})
    assert response.status_code == 429
    assert response.headers["Retry-After"]


def test_what_is_not_public_has_no_form_to_report_it(
    reader: Client, pending: Contribution, published: Contribution
) -> None:
    hidden = personas.make_comment(published, status=CommentStatus.REJECTED)
    for address in (
        address_of(pending, "report/"),
        address_of(published, f"comments/{hidden.public_id}/report/"),
        address_of(published, f"comments/{hidden.public_id}/support/"),
    ):
        assert reader.get(address).status_code in {404, 405}
        assert reader.post(address, {"reason": "insulting", "value": "1"}).status_code == 404


def test_a_shared_link_shows_words_and_a_picture_of_this_site(
    reader: Client, published: Contribution
) -> None:
    photo = published.photos.create(file="a.jpg", width=640, height=480, digest=b"a")
    html = page_of(reader, published)
    assert f'<meta property="og:image" content="http://testserver/photos/{photo.pk}.jpg">' in html
    assert re.search(r'property="og:image:width"\s+content="640"', html)
    assert f'<meta property="og:description" content="{published.text}">' in html
    assert f'<meta property="og:url" content="http://testserver{address_of(published)}">' in html


def test_comments_answers_and_support_take_a_constant_number_of_queries(
    reader: Client, campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    contribution = personas.make_contribution(campaign)
    reader.post(address_of(contribution, "support/"), {"value": "1"})
    for _index in range(10):
        comment = personas.make_comment(contribution)
        personas.make_comment_support(comment)
        personas.make_comment(contribution, parent=comment)
    with django_assert_max_num_queries(19):
        page_of(reader, contribution)
