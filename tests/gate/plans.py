"""Plans, proposals and news with marks on what may and what may not be met."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.gis.geos import Point
from django.utils import timezone

from engagement.models import Image, PlanChange, PlanDecision, PlanProposal, ProposalState
from mapping.models import Campaign
from tests.engagement.making import make_plan, make_update
from tests.gate.world import HIDDEN, HIDDEN_PLACE, SHOWN, SHOWN_PLACE, jpeg


def put_up_plans(campaigns: Sequence[Campaign]) -> None:
    """A public plan with a proposal of each state, and a draft; news of all kinds in every campaign."""
    for mark, place in ((SHOWN, SHOWN_PLACE), (HIDDEN, HIDDEN_PLACE)):
        is_draft = mark == HIDDEN
        plan = make_plan(
            slug=f"plan-{mark.lower()}",
            title=f"{mark} plan",
            summary=f"{mark} summary",
            place=Point(*place, srid=4326),
            campaign=campaigns[0],
            is_draft=is_draft,
        )
        PlanDecision.objects.create(plan=plan, decided_on=timezone.localdate(), title=f"{mark} decision")
        PlanChange.objects.create(plan=plan, text=f"{mark} change")
        for number, state in enumerate(ProposalState):
            text = HIDDEN if is_draft or state == ProposalState.PENDING else SHOWN
            PlanProposal.objects.create(
                plan=plan,
                author_key=bytes([number]),
                text=f"{text} proposal",
                state=state,
                answer=f"{text} reply",
            )
    make_plan(title="Of a draft", campaign=campaigns[-1])
    for campaign in campaigns:
        put_up_news(campaign)


def put_up_news(campaign: Campaign) -> None:
    """News that are published, those of tomorrow, and a draft, each with a picture."""
    mark = HIDDEN if campaign.is_draft else SHOWN
    tomorrow = timezone.now() + timedelta(days=1)
    for text, fields in (
        (mark, {}),
        (HIDDEN, {"published_at": tomorrow}),
        (HIDDEN, {"is_draft": True}),
    ):
        update = make_update(campaign, title=f"{text} news", text=f"{text} text", **fields)
        Image.objects.create(
            update=update, file=jpeg(text), alt=f"{text} picture", width=8, height=8, digest=update.pk.bytes
        )
