"""Which models are read from where."""

from accounts.models import User
from engagement.models import Event
from geoparticipation.replicas.choice import choose, chosen, reading_from
from geoparticipation.replicas.router import ReplicaRouter
from mapping.models import Campaign

router = ReplicaRouter()


def test_content_is_read_where_the_request_has_chosen() -> None:
    assert router.db_for_read(Campaign) == "default"
    with reading_from("replica1"):
        assert (router.db_for_read(Campaign), router.db_for_read(Event)) == ("replica1", "replica1")
    assert router.db_for_read(Campaign) == "default"


def test_accounts_are_read_from_the_primary() -> None:
    with reading_from("replica1"):
        assert router.db_for_read(User) == "default"


def test_everything_is_written_to_the_primary() -> None:
    campaign = Campaign()
    campaign._state.db = "replica1"
    with reading_from("replica1"):
        assert router.db_for_write(Campaign, instance=campaign) == "default"
    assert router.db_for_read(Campaign, instance=campaign) == "default"


def test_rows_of_both_belong_together_and_replicas_are_not_migrated() -> None:
    assert router.allow_relation(Campaign(), Event())
    assert router.allow_migrate("default", "mapping")
    assert not router.allow_migrate("replica1", "mapping")


def test_a_choice_ends_with_its_request() -> None:
    with reading_from(None):
        choose("replica1")
        assert chosen() == "replica1"
    assert chosen() is None
