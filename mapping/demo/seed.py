"""Stores the demo through the services: users, quarters, addresses, seven campaigns with what people did in them.

Each campaign is one transaction, and one that exists is left as it is: an interrupted seed continues where it
stopped, and a second one does nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import cast

import shapely
from django.contrib.auth.hashers import make_password
from django.contrib.gis.geos import MultiPolygon
from django.db import transaction
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from accounts.models import Membership, Role, User
from mapping.demo import SLUGS, content, figures, invent, respond
from mapping.demo.city import fill_city
from mapping.demo.content import CityLines, DemoCampaign, SurveyPlan
from mapping.demo.invent import Invented, Period, Target
from mapping.demo.places import Surroundings
from mapping.imports.addresses import NewAddress, import_addresses
from mapping.imports.districts import NewDistrict, import_districts
from mapping.imports.outlines import united
from mapping.models import Action, Campaign, Contribution, DistrictLayer, QuestionKind
from mapping.services import feedback
from mapping.services.bulk import NewOpinion, NewResponse, store_opinions, store_responses
from mapping.services.campaigns import NewCampaign, NewQuestion, add_survey, create_campaign
from mapping.services.checking.answers import clean_answers
from mapping.services.identity import participant_key
from mapping.services.moderation import moderate
from mapping.services.photos.attachments import transaction_with_files
from mapping.services.photos.city_pictures import store_picture
from mapping.services.releases.making import make_release
from mapping.services.setup.changes import PhaseValues
from mapping.services.setup.period import set_period
from mapping.services.setup.translating import set_languages, set_translations, texts_to_translate
from mapping.services.submit import Submission, submit, submit_city
from mapping.services.surveys.responses import Sheet, enter_paper, questions_of

PASSWORD = "demo-kl-2026"  # noqa: S105 - known on purpose; `seed_demo` refuses sites that face the public
PLANNER, MODERATOR, ANALYST = "planung@example.org", "moderation@example.org", "analyse@example.org"
LAYER = "stadtteile-beispiel"


def seed(say: Callable[[str], object]) -> int:
    """Create the missing parts of the demo, reporting each; return the number of new campaigns."""
    known = set(Campaign.objects.filter(slug__in=SLUGS).values_list("slug", flat=True))
    missing = [slug for slug in SLUGS if slug not in known]
    users = demo_users()
    fill_city(users[Role.MANAGER], outline(), content.ATTRIBUTION)
    if not missing:
        return 0
    _addresses()
    layer = _quarters()
    surroundings = Surroundings(content.places(), content.streets(), content.area())
    for plan in content.campaigns():
        if plan.fields["slug"] in missing:
            campaign = _campaign(plan, layer, surroundings, users)
            responses = campaign.responses.count()
            answered = f", {responses} responses" if responses else ""
            say(f"{campaign.slug}: {campaign.contributions.count()} contributions{answered}")
    return len(missing)


def demo_users() -> dict[Role, User]:
    """The three users of the demo; existing ones are unchanged."""
    wanted = {Role.MANAGER: PLANNER, Role.MODERATOR: MODERATOR, Role.ANALYST: ANALYST}
    with transaction.atomic():
        known = {user.email: user for user in User.objects.filter(email__in=wanted.values())}
        # Hashed once: it is slow on purpose.
        password = make_password(PASSWORD) if len(known) < len(wanted) else ""
        return {role: known.get(email) or _user(email, password) for role, email in wanted.items()}


def let_in(users: dict[Role, User], campaign: Campaign) -> None:
    """Assign the users of the demo their roles in a campaign."""
    for role, user in users.items():
        Membership.objects.get_or_create(user=user, campaign=campaign, role=role)


def today() -> datetime:
    """Today's midnight, from which all days of the demo count."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), datetime.min.time()))


def outline() -> MultiPolygon:
    """The sketched city as Django stores it."""
    return _stored(content.area())


def _user(email: str, password: str) -> User:
    is_planner = email == PLANNER
    return User.objects.create(email=email, password=password, is_staff=is_planner, is_superuser=is_planner)


def _addresses() -> None:
    named = [
        NewAddress(place["name"], place["kind"], place["lon"], place["lat"]) for place in content.places()
    ]
    for street in content.streets():
        middle = shapely.LineString(street["line"]).interpolate(0.5, normalized=True)
        named.append(NewAddress(street["name"], "Straße", middle.x, middle.y))
    import_addresses(named)


def _quarters() -> DistrictLayer:
    known = DistrictLayer.objects.filter(slug=LAYER).first()
    if known is not None:
        return known
    quarters, city = content.quarters(), content.area()
    points = shapely.MultiPoint([(quarter["lon"], quarter["lat"]) for quarter in quarters])
    cells = shapely.voronoi_polygons(points, extend_to=city, ordered=True)
    return import_districts(
        LAYER,
        (
            NewDistrict(quarter["code"], quarter["name"], _stored(cell.intersection(city)))
            for quarter, cell in zip(quarters, cells.geoms, strict=True)
        ),
        title="Stadtteile (schematisch)",
        attribution="Beispieldaten: schematische Flächen, keine amtlichen Grenzen",
    )


def _stored(area: BaseGeometry) -> MultiPolygon:
    made = united([area])
    assert made is not None  # noqa: S101 - the demo's areas have an extent
    return made


def _campaign(
    plan: DemoCampaign, layer: DistrictLayer, surroundings: Surroundings, users: dict[Role, User]
) -> Campaign:
    # Files of photos are removed if the transaction fails, as the rows are.
    with transaction_with_files() as written:
        campaign = create_campaign(_new(plan, layer))
        let_in(users, campaign)
        _set_up(plan, campaign, users[Role.MANAGER], written)
        _Life(plan, campaign, surroundings, users, written).play()
    make_release(campaign)
    return campaign


def _set_up(plan: DemoCampaign, campaign: Campaign, planner: User, written: list[str]) -> None:
    """Phases, and the survey with its pictures."""
    if plan.phases:
        midnight = today()
        phases = [
            PhaseValues(
                title=phase["title"],
                description=phase["description"],
                opens_at=midnight + timedelta(days=phase["opens_in_days"]),
                closes_at=midnight + timedelta(days=phase["closes_in_days"]),
                allows=tuple(phase["allows"]),
            )
            for phase in plan.phases
        ]
        set_period(campaign, planner, opens_at=campaign.opens_at, closes_at=campaign.closes_at, phases=phases)
    add_survey(campaign, [_with_pictures(question, campaign, written) for question in plan.survey])
    if any(question.kind == QuestionKind.PICTURE_CHOICE for question in plan.survey):
        words = "Fünf Ampelfiguren nebeneinander, abwechselnd rot und grün"
        campaign.picture = store_picture(campaign, figures.row(figures.FIGURES), words)
        written.append(str(campaign.picture.file.name))
        campaign.save(update_fields=["picture"])
    _translate(plan, campaign, planner)


def _translate(plan: DemoCampaign, campaign: Campaign, planner: User) -> None:
    """The languages of the demo; what is missing in one is shown as it was written."""
    if not plan.translations:
        return
    set_languages(campaign, planner, list(plan.translations))
    texts = texts_to_translate(campaign)
    for language, words in plan.translations.items():
        found = {text.name: words[text.original] for text in texts if text.original in words}
        set_translations(campaign, planner, language, found)


def _with_pictures(question: NewQuestion, campaign: Campaign, written: list[str]) -> NewQuestion:
    """The question; of a choice of pictures, those figures that its choices name."""
    if question.kind != QuestionKind.PICTURE_CHOICE:
        return question
    drawn = {figure.name: figure for figure in figures.FIGURES}
    choices = []
    for choice in cast("list[dict[str, str]]", question.options["choices"]):
        figure = drawn[choice["value"]]
        stored = store_picture(campaign, figures.picture(figure), figure.alt)
        written.append(str(stored.file.name))
        choices.append({**choice, "picture": str(stored.pk), "alt": figure.alt})
    return replace(question, options={**question.options, "choices": choices})


def _new(plan: DemoCampaign, layer: DistrictLayer) -> NewCampaign:
    fields, midnight = plan.fields, today()
    has_area = not fields.get("without_area", False)
    return NewCampaign(
        slug=fields["slug"],
        title=fields["title"],
        summary=fields["summary"],
        description=fields["description"],
        outcome=fields.get("outcome", ""),
        organiser=fields["organiser"],
        contact=fields["contact"],
        attribution=content.ATTRIBUTION,
        area=outline() if has_area else None,
        district_layer=layer if has_area else None,
        opens_at=midnight + timedelta(days=fields["opens_in_days"]),
        closes_at=midnight + timedelta(days=fields["closes_in_days"]),
        publication=fields["publication"],
        k=fields["k"],
        moderation=fields["moderation"],
        allows_comments=fields["allows_comments"],
        allows_support=fields["allows_support"],
        allows_opposition=fields["allows_opposition"],
        allows_photos=fields["allows_photos"],
        categories=plan.categories,
    )


class _Life:
    """The history of one campaign: contributions, their review, reactions, the city's replies."""

    def __init__(
        self,
        plan: DemoCampaign,
        campaign: Campaign,
        surroundings: Surroundings,
        users: dict[Role, User],
        written: list[str],
    ) -> None:
        self._plan, self._campaign, self._surroundings = plan, campaign, surroundings
        self._generate, self._written = plan.generate, written
        self._moderator, self._planner = users[Role.MODERATOR], users[Role.MANAGER]
        self._random = Random(campaign.slug)  # noqa: S311 - always the same on purpose
        last = min(0, plan.fields["closes_in_days"])
        opens = today() + timedelta(days=plan.fields["opens_in_days"])
        self._period = Period(opens, last - plan.fields["opens_in_days"])
        self._collecting, self._reacting = (
            self._within(action) for action in (Action.CONTRIBUTE, Action.SUPPORT)
        )

    def play(self) -> None:
        """Store all events in order."""
        public = list(self._city_lines(self._generate.get("city_lines")))
        invented = invent.contributions(self._plan, self._collecting, self._surroundings, self._random)
        stored = [self._send(one) for one in invented]
        self._review(invented, stored)
        for one, contribution in zip(invented, stored, strict=True):
            if not one.is_pending and one.rejection is None:
                weight = self._random.paretovariate(1.5)
                public.append((contribution, Target(one.person, one.at, min(weight, 6), 0.85)))
        authors = {one.person for one in invented}
        self._react(authors, [one for one, _ in public], [target for _, target in public])
        self._reply(stored)
        if self._plan.responses is not None:
            self._respond(self._plan.responses)

    def _within(self, action: str) -> Period:
        """When people did this: while a phase allowed it, or in the whole period where there are no phases."""
        spans = [
            (phase["opens_in_days"], min(0, phase["closes_in_days"]))
            for phase in self._plan.phases
            if action in phase["allows"]
        ]
        if not spans:
            return self._period
        first = min(start for start, _end in spans)
        return Period(today() + timedelta(days=first), max(end for _start, end in spans) - first)

    def _secret(self, person: int) -> str:
        return f"demo-participant-{self._campaign.slug}-{person}"

    def _city_lines(self, lines: CityLines | None) -> Iterator[tuple[Contribution, Target]]:
        for street in content.streets() if lines else ():
            assert lines is not None  # noqa: S101 - for the type checker
            submission = Submission(
                category=lines["category"],
                geometry={"type": "LineString", "coordinates": street["line"]},
                title=street["name"],
                text=lines["text"].format(street=street["name"]),
                id=invent.identifier(self._period.start, self._random),
            )
            stored = submit_city(self._campaign, submission, actor=self._planner, at=self._period.start)
            # These are what the campaign is about, and some are disputed.
            weight, approval = self._random.uniform(12, 40), self._random.uniform(0.4, 0.95)
            yield stored, Target(None, self._period.start, weight, approval)

    def _send(self, one: Invented) -> Contribution:
        stored = submit(self._campaign, one.submission, self._secret(one.person), at=one.at).contribution
        if one.submission.photos:
            self._written.extend(str(photo.file.name) for photo in stored.photos.all())
        return stored

    def _review(self, invented: Sequence[Invented], stored: Sequence[Contribution]) -> None:
        published = []
        for one, contribution in zip(invented, stored, strict=True):
            if one.rejection is not None:
                moderate.reject(contribution, self._moderator, one.rejection)
            elif not one.is_pending:
                published.append(contribution.pk)
        moderate.bulk(published, self._campaign, "publish", self._moderator)

    def _react(self, authors: set[int], public: Sequence[Contribution], targets: Sequence[Target]) -> None:
        # In bulk: a thousand single opinions would take half of the demo's time.
        opinions = invent.opinions(self._generate, authors, targets, self._reacting, self._random)
        store_opinions(
            self._campaign,
            [
                NewOpinion(
                    public[opinion.target].pk,
                    participant_key(self._campaign, self._secret(opinion.person)),
                    opinion.value,
                    opinion.at,
                )
                for opinion in opinions
            ],
        )
        for remark in invent.remarks(self._generate, targets, self._reacting, self._random):
            comment = feedback.comment(
                public[remark.target], remark.text, self._secret(remark.person), at=remark.at
            )
            if not remark.is_pending and comment.status != "published":
                moderate.publish_comment(comment, self._moderator)

    def _reply(self, stored: Sequence[Contribution]) -> None:
        statuses = [
            status for status, count in self._generate.get("replies", {}).items() for _ in range(count)
        ]
        self._random.shuffle(statuses)
        first = [category.slug for category in self._plan.categories[:1]]
        answered = [contribution for contribution in stored if contribution.category.slug in first]
        for contribution, status in zip(answered, statuses, strict=False):
            feedback.reply(contribution, self._planner, status, self._generate["reply_texts"][status])

    def _respond(self, plan: SurveyPlan) -> None:
        questions = questions_of(self._campaign)
        given = respond.respondents(self._plan, plan, self._period, self._surroundings, self._random)
        # In bulk, as opinions are; the answers are checked as the service does.
        store_responses(
            self._campaign,
            [
                NewResponse(
                    one.id,
                    participant_key(self._campaign, self._secret(one.person)),
                    clean_answers(questions, one.answers),
                    one.at,
                )
                for one in given
                if one.person is not None
            ],
        )
        sheets = [Sheet(one.answers) for one in given if one.person is None]
        if sheets:
            enter_paper(self._campaign, sheets, actor=self._moderator, batch=plan["batch"], at=given[-1].at)
