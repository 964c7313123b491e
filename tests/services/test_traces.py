"""Nothing of a person is left in any table or file, whatever table or file comes to be.

Every field that a person or the staff can fill holds a mark; afterwards all rows of all tables and all files below
VAR_DIR are read as text.
"""

import logging
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.imports.reading import uploads
from mapping.models import (
    Campaign,
    Contribution,
    ExportJob,
    ExportStatus,
    Participant,
    Publication,
    Reply,
    RetentionSpan,
    RetentionSubject,
)
from mapping.services import export_jobs, feedback
from mapping.services.erase import erase_participant, withdraw
from mapping.services.identity import participant_key
from mapping.services.moderation import flags, moderate
from mapping.services.releases import making as releases
from mapping.services.retained.removing import remove_due
from mapping.services.submit import Submission, revise, submit
from tests import personas
from tests.background import work
from tests.exports.jobs.test_orders import ask
from tests.personas import Citizen
from tests.services.photos.test_attachments import colourful, files

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "Zanzibar"
"""In every text that has to do with the person."""
PLACE = (7.7654321, 49.4432109)
NUMBER = 987_654_321
"""The person's number: no other number of the test's rows."""
MOMENT = timezone.now().replace(microsecond=535_897)
"""When the person did something: known again by its microseconds."""

Taking = Callable[[Contribution, Participant], None]
WAYS: dict[str, Taking] = {
    "withdrawn": lambda contribution, _person: withdraw(contribution),
    "erased": lambda _contribution, person: erase_participant(person),
}


def rows_of_all_tables() -> list[str]:
    """Every row of the database as text, with its table."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            if table not in {"spatial_ref_sys", "django_migrations"}:
                name = connection.ops.quote_name(table)
                cursor.execute(f"SELECT row::text FROM {name} AS row")
                found += [f"{table}: {text}" for (text,) in cursor.fetchall()]
    return found


def contents_of_all_files(settings: Settings) -> list[str]:
    """Every file below VAR_DIR as text, with its name."""
    return [
        f"{path}: {path.read_bytes().decode('latin-1')}"
        for path in Path(settings.VAR_DIR).rglob("*")
        if path.is_file()
    ]


def traces(settings: Settings, marks: re.Pattern[str]) -> list[str]:
    return [
        one[:300] for one in [*rows_of_all_tables(), *contents_of_all_files(settings)] if marks.search(one)
    ]


@pytest.fixture
def staff(campaign: Campaign) -> User:
    return personas.make_user("manager@example.org", campaign, Role.MANAGER)


@pytest.fixture
def person(campaign: Campaign, citizen: Citizen) -> Participant:
    return Participant.objects.create(
        pk=NUMBER, campaign=campaign, key=participant_key(campaign, citizen.secret), created_at=MOMENT
    )


@pytest.fixture(autouse=True)
def files_of_the_test(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"


@pytest.fixture
def traced(person: Participant, staff: User, citizen: Citizen, another_citizen: Citizen) -> Contribution:
    """A contribution that left its marks in everything the site can hold of it."""
    campaign = person.campaign
    answers = personas.GOOD_ANSWERS | {"text": MARK, "long-text": f"By {MARK}"}
    sent = Submission(
        "survey", personas.point(PLACE), f"I am {MARK}", answers, zoom=17, photos=[colourful(0)]
    )
    stored = submit(campaign, sent, citizen.secret, at=MOMENT).contribution
    Contribution.objects.filter(pk=stored.pk).update(external_id=f"Questionnaire of {MARK}")
    moderate.reject(stored, staff, f"{MARK} swears")
    revise(stored, sent, at=timezone.now())
    moderate.edit(stored, staff, text="I am […]", reason=f"Name: {MARK}")
    moderate.edit(stored, staff, text=f"{MARK} […]", category="anything", reason=f"Other kind of {MARK}")
    moderate.publish(stored, staff, reason=f"As {MARK} options")
    feedback.set_support(stored, 1, another_citizen.secret)
    said = feedback.comment(stored, f"Hello {MARK}", another_citizen.secret, at=MOMENT)
    moderate.reject_comment(said, staff, f"Names {MARK}")
    own = feedback.comment(stored, f"{MARK} again", citizen.secret, at=MOMENT)
    moderate.publish_comment(own, staff)
    feedback.comment(stored, f"No, {MARK}", another_citizen.secret, at=MOMENT, parent=own.public_id)
    feedback.support_comment(own, citizen.secret, at=MOMENT)
    for item in (stored, own):
        flags.flag(item, "other", f"{MARK} lies", at=MOMENT)
    feedback.set_support(stored, -1, citizen.secret, at=MOMENT)
    feedback.reply(stored, staff, "planned", f"Dear {MARK}")
    finish_files(campaign, staff)
    return Contribution.objects.get(pk=stored.pk)


def finish_files(campaign: Campaign, staff: User) -> None:
    """Files for the public and for an analyst, one that is being written, and one that is waiting."""
    for form in ("csv", "gpkg"):
        ask(format=form)
    work()
    now = timezone.now()
    more: dict[str, Any] = {
        "campaign": campaign,
        "ending": "csv",
        "asked_by": staff,
        "language": "de",
        "started_at": now,
        "expires_at": now + timedelta(days=1),
    }
    done = ExportJob.objects.create(status=ExportStatus.DONE, **more)
    export_jobs.file_of(done).write_text(f"{MARK} for analysts")
    running = ExportJob.objects.create(status=ExportStatus.RUNNING, attempts=1, **more)
    export_jobs.unfinished_file_of(running).write_text(f"{MARK} half written")


def marks_of(contribution: Contribution, citizen: Citizen) -> re.Pattern[str]:
    """All by which the person, or what they gave, could be known again."""
    photo = contribution.photos.get()
    longitude, latitude = PLACE
    assert contribution.geom is not None
    hexes = [
        contribution.geom.hex.decode()[-32:],
        contribution.geom_laea.hex.decode()[-32:],
        bytes(photo.digest).hex(),
        bytes(contribution.fingerprint).hex(),
        participant_key(contribution.campaign, citizen.secret).hex(),
    ]
    texts = [
        MARK,
        str(contribution.pk),
        contribution.pk.hex,
        str(NUMBER),
        f"{MOMENT:%M:%S.%f}",
        str(photo.file.name),
        str(longitude),
        str(latitude),
    ]
    return re.compile("|".join(map(re.escape, [*texts, *hexes])), re.IGNORECASE)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_left_of_a_person_in_any_table_or_file(
    traced: Contribution, person: Participant, citizen: Citizen, settings: Settings, way: str
) -> None:
    marks = marks_of(traced, citizen)
    before = traces(settings, marks)
    # The marks are found where they are: rows of all these tables, files of all these kinds.
    of_reactions = ("comment", "commentsupport", "support", "flag", "reply", "moderationevent")
    for name in ("contribution", "participant", "photo", *of_reactions):
        assert any(one.startswith(f"mapping_{name}: ") for one in before), name
    assert sum("/exports/" in one for one in before) >= 3

    WAYS[way](traced, person)
    if way == "withdrawn":
        # What the person said elsewhere, and that they exist, is theirs to keep; here there is nothing else.
        assert not Participant.objects.filter(pk=NUMBER).exists()
    # A file that is being written goes with its worker, or after a day with the next one.
    export_jobs.remove_expired(timezone.now() + timedelta(days=3))
    assert traces(settings, marks) == []
    assert files() == []


def dump() -> str:
    """The database as `pg_dump` writes it."""
    there = connection.settings_dict
    programs = [shutil.which("pg_dump"), *sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))[::-1]]
    program = next(one for one in programs if one)
    asked = ["--host", there["HOST"], "--port", there["PORT"], "--username", there["USER"], there["NAME"]]
    environment = {**os.environ, "PGPASSWORD": str(there["PASSWORD"])}
    done = subprocess.run([str(program), *map(str, asked)], capture_output=True, env=environment, check=True)
    return done.stdout.decode()


def test_nothing_by_which_a_person_is_known_outlives_the_dates_they_were_promised(
    traced: Contribution, citizen: Citizen, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """In no table, no file, no dump and no log. What is counted stays, and with it the times of what was counted."""
    caplog.set_level(logging.INFO)
    # Words of the city, which name nobody.
    Reply.objects.update(text="We plan it.")
    photo, (longitude, latitude) = traced.photos.get(), PLACE
    assert traced.geom is not None
    hexes = [
        traced.geom.hex.decode()[-32:],
        traced.geom_laea.hex.decode()[-32:],
        bytes(photo.digest).hex(),
        bytes(traced.fingerprint).hex(),
        participant_key(traced.campaign, citizen.secret).hex(),
    ]
    marks = re.compile(
        "|".join([MARK, *hexes, str(photo.file.name), str(longitude), str(latitude)]), re.IGNORECASE
    )
    assert len(traces(settings, marks)) > 10
    assert marks.search(dump())
    for subject in RetentionSubject.values:
        RetentionSpan.objects.create(campaign=traced.campaign, subject=subject, months=1)
    remove_due(timezone.localdate() + timedelta(days=400))
    export_jobs.remove_expired(timezone.now() + timedelta(days=3))
    assert traces(settings, marks) == []
    assert files() == []
    assert not marks.search(dump())
    assert not marks.search(caplog.text)
    assert Contribution.objects.get().support_count == traced.support_count == 1


def test_finished_files_are_deleted_in_the_moment_of_the_withdrawal(
    traced: Contribution, settings: Settings
) -> None:
    withdraw(traced)
    assert not [one for one in contents_of_all_files(settings) if MARK in one and "/." not in one]
    assert set(ExportJob.objects.values_list("status", "problem")) == {
        ("failed", "export_gone"),
        ("waiting", ""),
    }
    address = f"/api/v1/campaigns/{traced.campaign.slug}/exports/"
    gone = ExportJob.objects.filter(asked_by=None).values_list("pk", flat=True)
    assert {Client().get(f"{address}{pk}/file").status_code for pk in gone} == {410}


def test_job_that_reads_while_somebody_withdraws_begins_anew(
    traced: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    ExportJob.objects.all().delete()
    address = ask(format="csv").headers["Location"]
    finish = export_jobs.finish
    withdrawn: list[bool] = []

    def withdraw_first(job: ExportJob) -> bool:
        if not withdrawn:
            withdraw(traced)
            withdrawn.append(True)
        return finish(job)

    monkeypatch.setattr(export_jobs, "finish", withdraw_first)
    work()
    job = ExportJob.objects.get()
    assert (job.status, job.attempts) == (ExportStatus.DONE, 2)
    assert MARK not in export_jobs.file_of(job).read_text()
    assert Client().get(address + "file").status_code == 200


def test_ledger_of_releases_forgets(campaign: Campaign, person: Participant, settings: Settings) -> None:
    """Of campaigns that publish cells: the private ledger knows the person's number and the contribution's id."""
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.CELLS)
    campaign.refresh_from_db()
    own = personas.make_contribution(campaign, PLACE, by=person, text=MARK, created_at=MOMENT)
    pk = own.pk
    for _ in range(campaign.k):
        personas.make_contribution(campaign, PLACE)
    assert releases.make_release(campaign) is not None
    marks = re.compile(f"{pk}|{NUMBER}|{MARK}")
    assert any(one.startswith("mapping_releaseentry: ") for one in traces(settings, marks))
    erase_participant(person)
    assert traces(settings, marks) == []


def test_files_that_planners_brought_are_removed_by_the_worker(
    campaign: Campaign, staff: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where no planner comes again."""
    kept = uploads.keep(SimpleUploadedFile("a.csv", MARK.encode()), "contributions", staff, campaign)
    assert traces(settings, re.compile(MARK))
    monkeypatch.setattr(uploads, "KEPT", -1)
    work()
    assert not kept.folder.exists()
