"""COMMIT succeeds and its answer is lost: what the database has keeps its files."""

from collections.abc import Callable
from functools import partial

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from mapping.models import Campaign, Contribution, Photo
from mapping.models.contribution import new_contribution_id
from mapping.services.photos.attachments import transaction_with_files
from mapping.services.submit import Submission, add_photo, revise, submit, submit_city
from tests.personas import Citizen, point
from tests.services.photos.test_attachments import colourful, files

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lose_answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on, each COMMIT that has a new photo succeeds, and its answer is lost; the repetition gets through."""
    commit: Callable[[BaseDatabaseWrapper], None] = vars(BaseDatabaseWrapper)["_commit"]
    before: list[int] = []

    def commit_and_fail(self: BaseDatabaseWrapper) -> None:
        commit(self)
        if before and Photo.objects.count() > before[0]:
            before.clear()
            raise OperationalError("server closed the connection unexpectedly")

    def start() -> None:
        before.append(Photo.objects.count())
        monkeypatch.setattr(BaseDatabaseWrapper, "_commit", commit_and_fail)

    return start


def names() -> list[str]:
    return sorted(str(photo.file.name) for photo in Photo.objects.all())


def test_photo_of_a_submission_survives_a_lost_answer(
    campaign: Campaign, citizen: Citizen, lose_answers: Callable[[], None]
) -> None:
    sent = Submission("spot", point(), id=new_contribution_id(), photos=[colourful(0)])
    lose_answers()
    with pytest.raises(OperationalError):
        submit(campaign, sent, citizen.secret)
    again = submit(campaign, sent, citizen.secret)
    assert (again.created, again.is_author) == (False, True)
    assert names() == files()
    assert len(files()) == 1


def test_photo_added_later_survives_a_lost_answer(
    campaign: Campaign, pending: Contribution, lose_answers: Callable[[], None]
) -> None:
    lose_answers()
    with pytest.raises(OperationalError):
        add_photo(pending, colourful(0))
    add_photo(pending, colourful(0))
    assert names() == files()
    assert len(files()) == 1


@pytest.mark.parametrize("is_city", [False, True])
def test_photo_of_every_other_way_survives_a_lost_answer(
    campaign: Campaign, pending: Contribution, lose_answers: Callable[[], None], *, is_city: bool
) -> None:
    sent = Submission("spot", point(), photos=[colourful(0)])
    send = partial(submit_city, campaign, sent) if is_city else partial(revise, pending, sent)
    lose_answers()
    with pytest.raises(OperationalError):
        send()
    assert names() == files()
    assert len(files()) == 1


def add_in_transaction(pending: Contribution, then: Callable[[], object]) -> None:
    """Add a photo in a transaction that goes on to something else."""
    with transaction_with_files() as written:
        add_photo(pending, colourful(0))
        written.extend(files())
        then()


def fail() -> None:
    raise KeyboardInterrupt


def test_files_go_where_the_server_refuses_to_commit(campaign: Campaign, pending: Contribution) -> None:
    """Foreign keys are deferred: only COMMIT finds that the contribution is not there."""
    with pytest.raises(IntegrityError):
        add_in_transaction(pending, lambda: Photo.objects.update(contribution=new_contribution_id()))
    assert not Photo.objects.exists()
    assert files() == []


def test_files_go_where_nobody_asked_to_commit(campaign: Campaign, pending: Contribution) -> None:
    with pytest.raises(KeyboardInterrupt):
        add_in_transaction(pending, fail)
    assert not Photo.objects.exists()
    assert files() == []


def test_photo_stays_where_something_fails_after_commit(campaign: Campaign, pending: Contribution) -> None:
    with pytest.raises(KeyboardInterrupt):
        add_in_transaction(pending, lambda: transaction.on_commit(fail))
    assert names() == files()
    assert len(files()) == 1


def test_lost_photo_comes_back_when_it_is_sent_again(campaign: Campaign, pending: Contribution) -> None:
    photo = add_photo(pending, colourful(0))
    default_storage.delete(str(photo.file.name))
    again = add_photo(pending, colourful(0))
    assert again.pk == photo.pk
    assert names() == files()
    assert len(files()) == 1


def test_file_that_cannot_be_deleted_hides_no_error(
    campaign: Campaign, pending: Contribution, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(default_storage, "delete", refuse)
    with pytest.raises(KeyboardInterrupt):
        add_in_transaction(pending, fail)
    assert not Photo.objects.exists()
