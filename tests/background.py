"""The work that is done in the background, done now."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.core.management import call_command
from django.db import connections
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from doors.letters import LetterNotSentError


def work() -> None:
    """Run a worker until nothing is waiting; the test must commit what it shall see (transaction=True).

    In a thread of its own: after a browser test, Playwright's event loop counts as running in the main thread.
    """
    with ThreadPoolExecutor(1) as executor:
        executor.submit(_work).result()


def _work() -> None:
    try:
        call_command("worker", once=True)
    finally:
        connections.close_all()


def waiting_tasks() -> list[tuple[str, dict[str, object]]]:
    """Names and arguments of all jobs in the queue, in the order in which they will run."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "pk")
    return list(jobs.values_list("task_name", "args"))


def run_waiting_tasks() -> None:
    """Run what waits within the transaction of the test, each once."""
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "pk"):
        assert queue.job_manager.cancel_job_by_id(job.pk, delete_job=True)
        task: Task = queue.tasks[job.task_name]
        with suppress(LetterNotSentError):  # a failure that is expected, and logged
            task(**job.args)
