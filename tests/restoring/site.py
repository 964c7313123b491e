"""A site with something of everything that people can erase: `python -m tests.restoring.site fill|erase`.

In processes of their own, on the database and the files that DATABASE_URL and VAR_DIR name: they commit.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.core.management import call_command

KEPT, TAKEN = "We want to keep this.", "Nobody shall read this any more."
"""Texts that stay, and those that people erase after the backup."""


def fill() -> None:
    """Two of everything: one that stays, one that is erased later."""
    from django.utils import timezone

    from engagement.models import Registration
    from geoparticipation.backup import database
    from mapping.models import Publication, Response
    from mapping.services.releases.making import make_release
    from mapping.services.submit import Submission, submit
    from tests import personas
    from tests.engagement.making import make_document, make_event, make_update
    from tests.engagement.subscriptions.making import make_subscription
    from tests.services.photos.test_attachments import colourful
    from tests.voting.making import cast_ballots, make_vote

    call_command("migrate", verbosity=0)
    # A restore takes a database that was only migrated for an empty one.
    assert database.holds_data() == []
    campaign = personas.make_campaign("bike-streets", allows_photos=True)
    make_vote(campaign)
    for number, text in enumerate((KEPT, TAKEN)):
        person = personas.Citizen(f"person-{number}", f"secret-of-person-{number}-and-more")
        sent = Submission(
            "survey", personas.point(), text, personas.GOOD_ANSWERS, photos=[colourful(number)], zoom=17
        )
        stored = submit(campaign, sent, person.secret).contribution
        other = personas.make_contribution(campaign, text=KEPT)
        comment = personas.make_comment(other, text)
        personas.make_comment_support(comment)
        personas.make_support(other)
        personas.make_flag(other, text)
        Response.objects.create(
            campaign=campaign,
            participant=stored.participant,
            completed_at=timezone.now(),
            answers={"a": text},
        )
        date = make_event().dates.get()
        Registration.objects.create(date=date, name=text, mail=f"{number}@example.org")
        make_subscription(campaign=campaign)
        make_update(campaign, text=text)
        make_document(title=text)
    cast_ballots(campaign.categories.get(slug="vote").vote, [[0], [1]])
    protected = personas.make_campaign("fear-spaces", publication=Publication.CELLS, k=5)
    for _ in range(7):
        personas.make_contribution(protected, text=KEPT)
    personas.make_contribution(protected, text=TAKEN)
    make_release(protected, at=timezone.now() - timedelta(days=2))
    personas.make_user("manager@example.org", campaign)


def erase() -> None:
    """What people and staff erase after the backup, by the ways they have."""
    from engagement.models import Document, Registration, Subscription, Update
    from engagement.services.registrations.registering import cancel
    from mapping.models import Comment, Contribution, Flag, Response, Support
    from mapping.services.counters import count_comments, count_support
    from mapping.services.erase import erase_participant, withdraw
    from voting.models import Ballot
    from voting.services.casting import withdraw_ballot

    for contribution in Contribution.objects.filter(text=TAKEN, campaign__slug="fear-spaces"):
        withdraw(contribution)
    for response in Response.objects.filter(answers={"a": TAKEN}):
        assert response.participant is not None
        erase_participant(response.participant)
    comment = Comment.objects.get(text=TAKEN)
    comment.delete()
    count_comments(comment.contribution)
    support = Support.objects.latest("pk")
    support.delete()
    count_support(support.contribution)
    cancel(Registration.objects.get(name=TAKEN))
    subscription = Subscription.objects.latest("created_at")
    subscription.delete()
    for model in (Flag, Update):
        model.objects.filter(text=TAKEN).delete()
    Document.objects.filter(title=TAKEN).delete()
    ballot = Ballot.objects.select_related("vote", "participant").latest("pk")
    withdraw_ballot(ballot.vote, ballot.participant)


ACTIONS: dict[str, Callable[[], Any]] = {"fill": fill, "erase": erase}

if __name__ == "__main__":
    django.setup()
    ACTIONS[sys.argv[1]]()
