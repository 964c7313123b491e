"""The package of what only the staff may read says so in each of its texts, and grants nobody a licence."""

import io
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from mapping.models import Campaign, ContributionStatus, Question, RemovedQuestion, Response
from tests.api.conftest import with_token
from tests.personas import make_contribution, make_user
from tests.surveys.world import ask

URL = "/api/v1/campaigns/fear-spaces/download.package.zip"


def text_of(client: Client, name: str, query: str = "") -> str:
    answer = client.get(f"{URL}{query}")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.getvalue())).read(name).decode()


@pytest.fixture
def analyst_script(campaign: Campaign) -> Client:
    """The token of an analyst of THE campaign, where something waits for a review."""
    make_contribution(campaign, status=ContributionStatus.PENDING, text="Not yet")
    return with_token(make_user("a@example.org", campaign, Role.ANALYST))


def test_what_is_not_public_is_under_no_licence(analyst_script: Client) -> None:
    notice = text_of(analyst_script, "lizenz.txt", "?status=pending,published")
    assert "Nur für den Dienstgebrauch" in notice
    assert "govdata.de" not in notice
    assert "mit dem Stand: " in text_of(analyst_script, "LIESMICH.md", "?status=pending,published")
    assert "pending" not in text_of(analyst_script, "LIESMICH.md", "?status=pending").replace(
        "status=pending", ""
    )


def test_what_is_public_is_under_the_licence_for_the_staff_too(analyst_script: Client) -> None:
    assert "Quellenvermerk" in text_of(analyst_script, "lizenz.txt")
    assert text_of(Client(), "lizenz.txt") == text_of(analyst_script, "lizenz.txt")


def test_responses_are_in_the_package_of_the_staff_only(analyst_script: Client, campaign: Campaign) -> None:
    def names(client: Client, query: str = "") -> set[str]:
        return set(zipfile.ZipFile(io.BytesIO(client.get(f"{URL}{query}").getvalue())).namelist())

    added = {"antworten.csv", "antworten-codebuch.csv"}
    assert not added & names(analyst_script, "?status=published")
    ask(campaign, "why", "text", title="Warum?")
    Response.objects.create(campaign=campaign, answers={"why": "Because"}, completed_at=timezone.now())
    assert not added & (names(Client()) | names(analyst_script))
    assert added <= names(analyst_script, "?status=published")
    assert "Because" in text_of(analyst_script, "antworten.csv", "?status=published")
    assert "Warum?" in text_of(analyst_script, "antworten-codebuch.csv", "?status=published")
    assert "antworten.csv" in text_of(analyst_script, "LIESMICH.md", "?status=published")
    assert "antworten.csv" not in text_of(Client(), "LIESMICH.md")


def test_package_keeps_responses_when_every_question_was_removed(
    analyst_script: Client, campaign: Campaign
) -> None:
    ask(campaign, "why", "text", title="Warum?")
    Response.objects.create(campaign=campaign, answers={"why": "Because"}, completed_at=timezone.now())
    RemovedQuestion.objects.create(campaign=campaign, slug="why", title="Warum?", kind="text")
    Question.objects.of_survey(campaign.pk).delete()
    assert "Because" in text_of(analyst_script, "antworten.csv", "?status=published")
    assert "Warum?" in text_of(analyst_script, "antworten-codebuch.csv", "?status=published")
