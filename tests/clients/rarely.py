"""A campaign in which only the oldest of five hundred contributions says everything."""

from datetime import timedelta

from mapping.models import Campaign, Contribution, Reply
from tests.personas import EPOCH, GOOD_ANSWERS, STATION, TOWN_HALL, make_contribution

NUMBER = 500
FILLED = {
    **{name: value for name, value in GOOD_ANSWERS.items() if name != "text"},
    "answer_text": GOOD_ANSWERS["text"],
    "reply_status": "planned",
    "reply_text": "We will plant a tree.",
}
"""Attributes that it alone has, by the names that they have in flat tables."""


def fill(campaign: Campaign) -> Contribution:
    """Make them; the one with answers and a reply comes last, since lists begin with the newest."""
    oldest = make_contribution(campaign, TOWN_HALL, category="survey", answers=GOOD_ANSWERS, created_at=EPOCH)
    Reply.objects.create(contribution=oldest, status="planned", text="We will plant a tree.")
    newer = make_contribution(campaign, STATION, category="survey")
    Contribution.objects.bulk_create(
        Contribution(
            campaign=campaign,
            category=newer.category,
            geom=newer.geom,
            text=f"No. {number}",
            status=newer.status,
            created_at=EPOCH + timedelta(hours=number),
        )
        for number in range(2, NUMBER)
    )
    return oldest
