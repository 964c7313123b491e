"""Two requests at the same moment: real threads, real transactions."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping.models import Comment, Contribution, Footprint, ModerationEvent, Participant, Photo, Support
from mapping.services import feedback, identity
from mapping.services.erase import erase_participant, withdraw
from mapping.services.errors import DomainError, TooMany
from mapping.services.moderation import moderate
from mapping.services.submit import Submission, Submitted, add_photo, submit
from tests import personas
from tests.personas import Citizen, point
from tests.services.photos.test_attachments import colourful, files

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*functions: Callable[[], object]) -> list[object]:
    """Run functions at the same moment; what they return or the domain errors they raise."""
    start = threading.Barrier(len(functions))

    def run(function: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return function()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def created(answers: list[object]) -> list[bool]:
    return sorted(answer.created for answer in answers if isinstance(answer, Submitted))


def test_same_id_at_once_is_stored_once(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    for _ in range(3):
        submission = Submission("spot", point(), "Dark", id=uuid4())
        answers = at_once(*[partial(submit, campaign, submission, citizen.secret)] * 4)
        assert created(answers) == [False, False, False, True]
        assert all(isinstance(answer, Submitted) and answer.is_author for answer in answers)
    assert Contribution.objects.count() == ModerationEvent.objects.count() == Footprint.objects.count() == 3
    assert Participant.objects.count() == 1


def test_same_id_at_once_without_a_cookie_is_stored_once() -> None:
    campaign = personas.make_campaign()
    for _ in range(3):
        submission = Submission("spot", point(), f"Dark {uuid4()}", id=uuid4())
        secrets = [identity.new_secret() for _ in range(4)]
        answers = at_once(*(partial(submit, campaign, submission, secret) for secret in secrets))
        assert created(answers) == [False, False, False, True]
        stored = Contribution.objects.get(text=submission.text)
        assert [identity.is_author(stored, secret) for secret in secrets].count(True) == 1
    assert Participant.objects.count() == Contribution.objects.count() == 3


def test_same_id_with_different_words_at_once_stores_one_of_them(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    name = uuid4()
    sent = [Submission("spot", point(), f"{number}", id=name) for number in range(4)]
    answers = at_once(*(partial(submit, campaign, submission, citizen.secret) for submission in sent))
    assert sum(isinstance(answer, DomainError) and answer.code == "id_taken" for answer in answers) == 3
    assert Contribution.objects.count() == 1


def test_limit_holds_at_once(citizen: Citizen, settings: Settings) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 3
    campaign = personas.make_campaign()
    answers = at_once(*[lambda: submit(campaign, Submission("spot", point()), citizen.secret)] * 8)
    assert sum(isinstance(answer, TooMany) for answer in answers) == 5
    assert Contribution.objects.count() == 3
    assert Participant.objects.count() == 1


def test_two_supports_at_once_count_both(citizen: Citizen) -> None:
    stored = personas.make_contribution(personas.make_campaign())
    secrets = [identity.new_secret() for _ in range(6)]
    at_once(*(partial(feedback.set_support, stored, 1, secret) for secret in secrets))
    stored.refresh_from_db()
    assert stored.support_count == Support.objects.count() == 6


def test_one_person_supporting_many_times_at_once_counts_once(citizen: Citizen) -> None:
    stored = personas.make_contribution(personas.make_campaign())
    at_once(*[lambda: feedback.set_support(stored, 1, citizen.secret)] * 4)
    stored.refresh_from_db()
    assert stored.support_count == Support.objects.count() == 1
    at_once(
        lambda: feedback.set_support(stored, -1, citizen.secret),
        lambda: feedback.set_support(stored, 0, citizen.secret),
        lambda: feedback.set_support(stored, 1, citizen.secret),
        lambda: feedback.comment(stored, "Text", citizen.secret),
    )
    stored.refresh_from_db()
    assert stored.support_count == Support.objects.filter(value=1).count()
    assert stored.opposition_count == Support.objects.filter(value=-1).count()


def test_same_comment_at_once_is_one_comment(citizen: Citizen) -> None:
    stored = personas.make_contribution(personas.make_open_at_once())
    at_once(*[lambda: feedback.comment(stored, "I agree", citizen.secret)] * 4)
    stored.refresh_from_db()
    assert stored.comment_count == Comment.objects.count() == 1


def test_two_moderators_at_once_decide_once() -> None:
    campaign = personas.make_campaign()
    users = [personas.make_user(f"{number}@example.org", campaign, Role.MODERATOR) for number in range(2)]
    stored = personas.make_contribution(campaign, status=personas.PENDING)
    answers = at_once(
        lambda: moderate.publish(stored, users[0], expected="pending"),
        lambda: moderate.reject(stored, users[1], "Because", expected="pending"),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert stored.moderation_events.count() == 2


def test_publishing_what_is_withdrawn_at_once_never_shows_it() -> None:
    campaign = personas.make_campaign()
    moderator = personas.make_user("moderator@example.org", campaign, Role.MODERATOR)
    for _ in range(3):
        stored = personas.make_contribution(campaign, status=personas.PENDING)
        at_once(partial(withdraw, stored), partial(moderate.publish, stored, moderator))
        assert not Contribution.objects.exists()
    assert not Footprint.objects.exists()


def test_three_photos_at_most_even_at_once() -> None:
    stored = personas.make_contribution(personas.make_campaign(), status=personas.PENDING)
    pictures = [colourful(number) for number in range(4)]
    answers = at_once(*(partial(add_photo, stored, data) for data in [*pictures, pictures[0]]))
    assert sum(isinstance(answer, DomainError) for answer in answers) in {1, 2}
    assert Photo.objects.count() == len(files()) == 3


def test_erasing_while_writing_leaves_nothing_of_before(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    other = personas.make_contribution(campaign)
    for _ in range(3):
        first = submit(campaign, Submission("spot", point(), "Before"), citizen.secret).contribution
        person = citizen.participant(campaign)
        answers = at_once(
            partial(erase_participant, person),
            lambda: submit(campaign, Submission("spot", point(), "Meanwhile"), citizen.secret),
            lambda: feedback.set_support(other, 1, citizen.secret),
        )
        assert not any(isinstance(answer, Exception) for answer in answers)
        assert not Contribution.objects.filter(pk=first.pk).exists()
        # Whatever was written meanwhile came either before (gone) or after (belongs to a person again).
        assert not Contribution.objects.filter(participant=None).exists()
        other.refresh_from_db()
        assert other.support_count == Support.objects.count()


def test_withdrawing_one_and_sending_another_at_once_never_wait_for_each_other(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    for _ in range(4):
        first = submit(campaign, Submission("spot", point(), "First"), citizen.secret).contribution
        at_once(
            partial(withdraw, first),
            lambda: submit(campaign, Submission("spot", point(), "Second"), citizen.secret),
            lambda: submit(campaign, Submission("spot", point(), "Third"), citizen.secret),
        )
    assert Contribution.objects.filter(participant=citizen.participant(campaign)).count() == 8


def test_deciding_many_while_others_send_never_wait_for_each_other(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    moderator = personas.make_user("moderator@example.org", campaign, Role.MODERATOR)
    stored = [personas.make_contribution(campaign, status=personas.PENDING) for _ in range(6)]
    ids = [one.pk for one in stored]
    answers = at_once(
        lambda: moderate.bulk(ids, campaign, "publish", moderator),
        lambda: moderate.bulk(reversed(ids), campaign, "publish", moderator),
        lambda: submit(campaign, Submission("spot", point()), citizen.secret),
        lambda: withdraw(stored[3]),
    )
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert Contribution.objects.filter(status="published").count() == 5


def test_withdrawing_and_supporting_ones_own_at_once_never_waits_for_each_other(citizen: Citizen) -> None:
    campaign = personas.make_campaign()
    for _ in range(3):
        stored = personas.make_contribution(campaign, by=citizen)
        at_once(
            partial(withdraw, stored),
            partial(feedback.set_support, stored, 1, citizen.secret),
            partial(feedback.comment, stored, "Mine", citizen.secret),
        )
    assert not Support.objects.exists()
    assert not Comment.objects.exists()
