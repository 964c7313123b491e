"""Campaigns of every kind, with marks on what may and what may not be met."""

import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Role
from engagement.models import (
    AgendaItem,
    Body,
    Document,
    Event,
    Plan,
    PlanProposal,
    ProposalState,
    Update,
)
from mapping import rules
from mapping.aggregation import footprint
from mapping.models import (
    Address,
    Audience,
    Campaign,
    City,
    CityLogo,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    ExportJob,
    ExportStatus,
    Footprint,
    PaperBatch,
    Participant,
    Photo,
    Picture,
    Reply,
    ReplyStatus,
    Response,
    Source,
    Tally,
)
from mapping.services.erase import withdraw
from mapping.services.export_jobs import file_of
from tests import personas
from tests.surveys.world import ask
from tests.walk import Places
from texts.models import Section, TextVersion

HIDDEN, SHOWN = "HIDDEN", "SHOWN"
CITY = "CITY"
"""What the city shows with its campaign, whatever becomes of contributions."""
HIDDEN_PLACE, SHOWN_PLACE = (7.7613579, 49.4424681), (7.7724680, 49.4413579)
HIDDEN_DIGITS, SHOWN_DIGITS = re.compile(r"7[.,]76135|49[.,]44246"), re.compile(r"7\.77246")
CROWD, PEOPLE = 613, 577
"""Contributions and participants of the open campaign that publishes cells: numbers that nothing else has."""
CROWD_NUMBERS = re.compile(rf"(?<![0-9a-f.-])({CROWD}|{PEOPLE})(?![0-9a-f.-])")


@dataclass
class World:
    """Campaigns of every kind, in each a contribution of every status with everything that can hang on one."""

    campaigns: list[Campaign] = field(default_factory=list)
    contributions: list[Contribution] = field(default_factory=list)
    withdrawn: list[uuid.UUID] = field(default_factory=list)

    def places(self, *tokens: str) -> Places:
        """What addresses are made of, for who knows these private links of authors."""
        # In the order of their contributions: the ids of photos are drawn by chance.
        photos = Photo.objects.order_by("contribution__created_at", "contribution", "position")
        pictures = Picture.objects.order_by("campaign")
        return Places(self.campaigns, self.contributions, list(photos), tokens, pictures=list(pictures))


def jpeg(mark: str) -> ContentFile:
    """A picture that carries a mark."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "JPEG")
    return ContentFile(file.getvalue() + mark.encode(), name=f"{mark}-{uuid.uuid4()}.jpg")


def hang_everything_on(contribution: Contribution, mark: str) -> None:
    """A photo, a reply, comments of each status, an answer, opinions, reports, and what a moderator replaced."""
    contribution.photos.create(file=jpeg(mark), width=8, height=8, digest=contribution.pk.bytes)
    Reply.objects.create(contribution=contribution, status=ReplyStatus.PLANNED, text=f"{mark} reply")
    for status in CommentStatus:
        visible = mark if status == CommentStatus.PUBLISHED else HIDDEN
        personas.make_comment(contribution, f"{visible} comment", status=status)
        if status == CommentStatus.REJECTED:
            rejected = contribution.comments.get(status=status)
            answer = personas.make_comment(
                contribution, f"{mark} answer to what is rejected", parent=rejected
            )
            personas.make_comment_support(answer)
            personas.make_flag(answer, f"{HIDDEN} flag")
    personas.make_support(contribution)
    personas.make_flag(contribution, f"{HIDDEN} flag")
    contribution.moderation_events.create(
        to_status=contribution.status, reason=f"{HIDDEN} reason", original={"text": f"{HIDDEN} original"}
    )


def put_up_picture(campaign: Campaign) -> None:
    """A title picture: everybody sees it unless the campaign is a draft."""
    mark = HIDDEN if campaign.is_draft else CITY
    campaign.picture = campaign.pictures.create(
        file=jpeg(mark), alt=f"{mark} picture", width=8, height=8, digest=campaign.slug.encode()[:32]
    )
    campaign.save(update_fields=["picture"])


def put_up_everything_of_the_city(world: World) -> None:
    """A logo; in the first campaign a place of the city, a language, and a question that can be compared.

    Addresses, so that places in words would tell where hidden contributions are.
    """
    for mark, position in ((HIDDEN, HIDDEN_PLACE), (SHOWN, SHOWN_PLACE)):
        Address.objects.create(name=f"{mark} street 1", kind="address", geom=Point(*position, srid=4326))
    first = world.campaigns[0]
    logo = CityLogo.objects.create(data=jpeg(CITY).read(), width=8, height=8, digest=b"1")
    City.objects.create(logo=logo, logo_alt="A logo")
    place = personas.make_contribution(first, category="survey", source=Source.CITY)
    Contribution.objects.filter(pk=place.pk).update(participant=None)
    world.contributions.append(place)
    ask(first, "age", "yes_no")
    Campaign.objects.filter(pk=first.pk).update(languages=["tr"])


def fill(campaign: Campaign) -> Iterator[Contribution]:
    """A contribution of each status, those published on sheets of paper, whose batch only staff may know."""
    batch = PaperBatch.objects.create(campaign=campaign, name=f"{HIDDEN} batch")
    for_staff = partial(personas.category_of(campaign, "survey").questions.create, audience=Audience.STAFF)
    for_staff(slug="contact", title="Contact", kind="text", position=98)
    for_staff(slug="reach", title="Reach", kind="scale", options={"minimum": 1, "maximum": 5}, position=99)
    for status in ContributionStatus:
        is_shown = rules.may_see_public_contributions(campaign) and status == ContributionStatus.PUBLISHED
        mark, place = (SHOWN, SHOWN_PLACE) if is_shown else (HIDDEN, HIDDEN_PLACE)
        contribution = personas.make_contribution(
            campaign,
            place,
            category="survey",
            text=f"{mark} {campaign.slug} {status}",
            answers={"text": f"{mark} answer", "yes-no": True, "contact": f"{HIDDEN} contact", "reach": 5},
            status=status,
            source=Source.PAPER if status == ContributionStatus.PUBLISHED else Source.ONLINE,
        )
        if contribution.source == Source.PAPER:
            clerk = personas.make_user(f"clerk-{campaign.slug}@example.org")
            assert contribution.participant is not None
            batch.sheets.create(number=1, participant=contribution.participant, entered_by=clerk)
        hang_everything_on(contribution, mark)
        contribution.refresh_from_db()
        yield contribution


def answer_survey(campaign: Campaign) -> None:
    """A survey that everybody may answer, and one response: its text and what only staff may read are nobody else's."""
    ask(campaign, "wish", "long_text", title=f"{HIDDEN if campaign.is_draft else CITY} question")
    ask(campaign, "contact", "text", audience=Audience.STAFF)
    Response.objects.create(
        campaign=campaign,
        participant=campaign.contributions.earliest("created_at", "pk").participant,
        answers={"wish": f"{HIDDEN} wish"},
        staff_answers={"contact": f"{HIDDEN} contact"},
        completed_at=timezone.now(),
    )


def take_away(campaign: Campaign) -> uuid.UUID:
    """The id of a contribution that was withdrawn, with everything that hung on it."""
    gone = personas.make_contribution(campaign, HIDDEN_PLACE, category="survey", text=f"{HIDDEN} withdrawn")
    pk = gone.pk
    hang_everything_on(gone, HIDDEN)
    withdraw(gone)
    return pk


def crowd(campaign: Campaign) -> None:
    """Many contributions of not quite as many people."""
    category = personas.category_of(campaign, "spot")
    people = Participant.objects.bulk_create(
        Participant(campaign=campaign, key=uuid.uuid4().bytes * 2) for _ in range(PEOPLE - 1)
    )
    Contribution.objects.bulk_create(
        Contribution(
            campaign=campaign,
            category=category,
            participant=people[index % len(people)],
            geom=personas.wkt(HIDDEN_PLACE),
            text=f"{HIDDEN} crowd",
            status=ContributionStatus.PUBLISHED,
        )
        for index in range(CROWD - 1)
    )
    footprint.write_many(campaign)


def finish_exports(campaign: Campaign) -> None:
    """A file that the public asked for while everything was public, and one that an analyst asked for."""
    analyst = personas.make_user(f"analyst-{campaign.slug}@example.org", campaign, Role.ANALYST)
    now = timezone.now()
    for user in (None, analyst):
        is_shown = user is None and rules.may_see_public_contributions(campaign)
        job = ExportJob.objects.create(
            campaign=campaign,
            ending="fgb",
            asked_by=user,
            language="de",
            status=ExportStatus.DONE,
            started_at=now,
            expires_at=now + timedelta(days=1),
        )
        file_of(job).write_text(f"{SHOWN if is_shown else HIDDEN} export")


def unhide() -> None:
    """Take away everything hidden, as if it had never been."""
    from tests.gate.votes import take_away_hidden_votes

    take_away_hidden_votes()
    Comment.objects.exclude(pk__in=Comment.objects.published()).delete()
    Contribution.objects.exclude(pk__in=Contribution.objects.published()).delete()
    Response.objects.update(answers={"wish": "something else"}, staff_answers={"contact": "nobody"})
    Contribution.objects.update(staff_answers={})
    for model in (Footprint, Tally):
        model._default_manager.all().delete()
    Campaign.objects.filter(is_draft=True).delete()
    # Those of draft bodies and events were hidden by these; what they leave behind is a draft.
    for hidden in (Body, Event, Plan, Update, Document):
        hidden._default_manager.filter(is_draft=True).delete()
    AgendaItem.objects.filter(is_public=False).delete()
    Document.objects.filter(is_draft=True).delete()
    PlanProposal.objects.filter(state=ProposalState.PENDING).delete()
    TextVersion.objects.drafts().delete()
    Section.objects.filter(contribution=None).delete()
    for campaign in Campaign.objects.all():
        footprint.write_many(campaign)
