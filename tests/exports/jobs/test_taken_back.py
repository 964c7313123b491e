"""A file made in the background is closed when something in it was taken back or changed, and not for less."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role
from mapping.models import Audience, Campaign, Contribution, ContributionStatus, ExportJob, Participant
from mapping.services import export_jobs, feedback
from mapping.services.erase import erase_participant
from mapping.services.moderation import moderate
from mapping.services.setup.asking.drafts import QuestionDraft
from mapping.services.setup.questions import add_question, change_question
from mapping.services.submit import Submission, revise
from tests.background import work
from tests.exports.jobs.test_orders import ask
from tests.personas import (
    make_campaign,
    make_comment,
    make_contribution,
    make_support,
    make_user,
    point,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def written(campaign: Campaign) -> Contribution:
    """A published contribution with a comment; one waits for a review."""
    made = make_contribution(campaign, text="Call me: 0631 12345")
    make_comment(made)
    make_contribution(campaign, status=ContributionStatus.PENDING)
    return made


def status_of_the_file(then: Callable[[], object]) -> int:
    """What a file answers after something happened to a campaign."""
    address = ask(format="package.zip").headers["Location"]
    work()
    assert Client().get(address + "file").status_code == 200
    then()
    return Client().get(address + "file").status_code


def test_file_is_gone_when_the_author_changed_the_words(written: Contribution) -> None:
    written.campaign.moderation = "post"
    written.campaign.save()
    assert status_of_the_file(lambda: revise(written, Submission("spot", point(), "No number"))) == 410
    assert Contribution.objects.get(pk=written.pk).status == ContributionStatus.PUBLISHED


def test_file_is_gone_when_the_staff_changed_the_words(written: Contribution) -> None:
    moderator = make_user("m@example.org", written.campaign, Role.MODERATOR)
    assert status_of_the_file(lambda: moderate.edit(written, moderator, text="Call me: …")) == 410


def test_file_is_gone_when_a_comment_was_rejected(written: Contribution) -> None:
    moderator = make_user("m@example.org", written.campaign, Role.MODERATOR)
    comment = written.comments.get()
    Contribution.objects.filter(pk=written.pk).update(comment_count=1)
    assert status_of_the_file(lambda: moderate.reject_comment(comment, moderator)) == 410


def test_file_is_gone_when_somebody_withdrew_what_they_said(written: Contribution) -> None:
    person = Participant.objects.get(comments__contribution=written)
    Contribution.objects.filter(pk=written.pk).update(comment_count=1)
    assert status_of_the_file(lambda: erase_participant(person)) == 410


def test_file_is_gone_when_answers_became_readable_to_staff_only(written: Contribution) -> None:
    manager = make_user("manager@example.org", written.campaign, Role.MANAGER)
    draft = QuestionDraft(title="Your age", kind="number")
    question = add_question(written.category, draft, actor=manager)
    hidden = replace(draft, audience=Audience.STAFF)
    assert status_of_the_file(lambda: change_question(question, hidden, actor=manager)) == 410


def test_file_stays_when_something_was_added(written: Contribution) -> None:
    moderator = make_user("m@example.org", written.campaign, Role.MODERATOR)
    waiting = Contribution.objects.get(status=ContributionStatus.PENDING)

    def add() -> None:
        moderate.publish(waiting, moderator)
        make_contribution(written.campaign)
        feedback.comment(written, "One more", "0" * 28)
        make_support(written)

    assert status_of_the_file(add) == 200


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    make_campaign()
    home = export_jobs.directory()
    old = (timezone.now() - timedelta(days=2)).timestamp()
    for name in (".parts-killed", ".once-killed", ".parts-busy"):
        (home / name).mkdir()
        (home / name / "points.shp").write_bytes(b"x")
        os.utime(home / name, (old, old))
        os.utime(home / name / "points.shp", (old, old) if name != ".parts-busy" else None)
    (home / ".1-killed.gpkg").write_bytes(b"x")
    os.utime(home / ".1-killed.gpkg", (old, old))
    export_jobs.remove_expired()
    assert [one.name for one in home.iterdir()] == [".parts-busy"]
    assert not ExportJob.objects.exists()


def test_directory_that_vanishes_meanwhile_does_not_stop_the_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = export_jobs.directory()
    monkeypatch.setattr(Path, "iterdir", lambda path: iter([home / ".once-vanished"]))
    assert export_jobs.remove_expired() == 0
