"""Texts with marks on what may and what may not be met: versions, comments, suggestions."""

from collections.abc import Sequence

from mapping.models import Campaign, CommentStatus, ContributionStatus
from tests import personas
from tests.gate.world import CITY, HIDDEN, SHOWN
from tests.texts.making import Put, kept, make_suggestion, make_text, put_version, sections_of


def put_up_texts(campaigns: Sequence[Campaign]) -> None:
    """In each campaign a text of two versions and a draft of the third.

    A section is gone, one was taken back by a moderator; a suggestion is public, another waits for a review.
    """
    for campaign in campaigns:
        if not campaign.publishes_points:
            continue  # They can have none; `tests/texts/web` tries.
        is_shown = not campaign.is_draft
        mark = SHOWN if is_shown else HIDDEN
        sections = [(f"{mark} heading {number}", f"{mark} body {number}", 1) for number in range(3)]
        hidden = (f"{HIDDEN} heading", f"{HIDDEN} body", 1)
        text = make_text(campaign, [*sections, hidden], title=f"{CITY if is_shown else HIDDEN} text")
        first, _gone, second, taken_back = kept(text)
        put_version(
            text,
            [Put(first.heading, f"{mark} other body", 1, first.section), second, taken_back],
            note=f"{CITY if is_shown else HIDDEN} note",
        )
        put_version(
            text,
            [Put(f"{HIDDEN} draft", f"{HIDDEN} body of a draft")],
            note=f"{HIDDEN} note",
            is_published=False,
        )
        section, _second, rejected = sections_of(text)
        assert section.contribution is not None
        assert rejected.contribution is not None
        rejected.contribution.status = ContributionStatus.REJECTED
        rejected.contribution.save()
        make_suggestion(
            section,
            "other",
            f"{mark} words",
            comment=personas.make_comment(section.contribution, f"{mark} reason"),
        )
        waiting = personas.make_comment(
            section.contribution, f"{HIDDEN} reason", status=CommentStatus.PENDING
        )
        make_suggestion(section, "body", f"{HIDDEN} words", comment=waiting)
