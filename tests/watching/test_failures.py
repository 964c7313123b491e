"""Jobs that fail for good are counted: without their arguments, once each."""

import pytest
from procrastinate.contrib.django import app as queue

from geoparticipation.tasks import send_barrier_report
from geoparticipation.watching.models import FailedJob
from tests.background import work


@pytest.mark.django_db(transaction=True)
def test_failed_jobs_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("planted")

    task = queue.tasks["send_barrier_report"]
    monkeypatch.setattr("geoparticipation.barriers.letters.send_report", fail)
    monkeypatch.setattr(task, "retry_strategy", None)
    for number in range(2):
        send_barrier_report.defer(page="/", text=f"planted {number}", email="")
    work()
    [failure] = FailedJob.objects.all()
    assert (failure.task, failure.times) == ("send_barrier_report", 2)


@pytest.mark.django_db(transaction=True)
def test_done_jobs_are_no_failures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geoparticipation.barriers.letters.send_report", lambda *_: None)
    send_barrier_report.defer(page="/", text="", email="")
    work()
    assert not FailedJob.objects.exists()
