"""`seed_demo`: what the files ask for is there, once, always the same."""

import io
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping import rules
from mapping.aggregation import footprint
from mapping.aggregation.releases.publication import current_release
from mapping.demo import SLUGS, content, seed
from mapping.models import (
    Address,
    Campaign,
    CampaignStatus,
    Comment,
    Contribution,
    District,
    Participant,
    Photo,
    Picture,
    Question,
    Reply,
    Response,
    Support,
    SurveyTally,
)
from mapping.models.survey.counts import ANSWERED, WHOLE_SURVEY
from mapping.services.checking.answers import clean_answers
from mapping.services.setup.translating import translations_in
from tests.demo.seeding import only, run


def everything() -> dict[str, object]:
    """What the demo says, without keys that depend on the site's secret and without numbers of rows."""
    return {
        "contributions": list(
            Contribution.objects.filter(campaign__slug__in=SLUGS)
            .order_by("pk")
            .values_list(
                *(
                    "pk",
                    "campaign__slug",
                    "category__slug",
                    "geom",
                    "text",
                    "answers",
                    "status",
                    "source",
                    "zoom",
                ),
                *("created_at", "support_count", "opposition_count", "comment_count"),
            )
        ),
        "comments": sorted(Comment.objects.values_list("contribution", "text", "status", "created_at")),
        "supports": sorted(Support.objects.values_list("contribution", "value", "created_at")),
        "replies": sorted(Reply.objects.values_list("contribution", "status", "text")),
        "responses": sorted(
            Response.objects.values_list(
                *("campaign__slug", "created_at", "source", "batch", "answers__rolle", "staff_answers__alter")
            ),
            key=str,
        ),
        "pictures": sorted(Picture.objects.values_list("campaign__slug", "alt", "width", "height")),
        "photos": sorted(Photo.objects.values_list("contribution", "width", "height")),
        "authors": sorted(
            Participant.objects.annotate(number=Count("contributions")).values_list(
                "campaign__slug", "number"
            )
        ),
        "districts": list(District.objects.order_by("code").values_list("code", "name", "geom")),
        "addresses": list(Address.objects.order_by("name", "pk").values_list("name", "kind", "geom")),
    }


def every_campaign_has_what_its_file_asks_for() -> None:
    streets = len(content.streets())
    for plan in content.campaigns():
        generate, campaign = plan.generate, Campaign.objects.get(slug=plan.fields["slug"])
        given = campaign.contributions.exclude(source="city")
        assert given.count() == generate["contributions"]
        assert Counter(given.values_list("category__slug", flat=True)) == generate["by_category"]
        assert given.filter(status="pending").count() == generate.get("pending", 0)
        assert given.filter(status="rejected").count() == generate.get("rejected", 0)
        assert campaign.participants.count() == generate["participants"] + only_answered(plan)
        supports = Support.objects.filter(contribution__campaign=campaign)
        assert supports.filter(value=1).count() == generate.get("support", 0)
        assert supports.filter(value=-1).count() == generate.get("opposition", 0)
        comments = Comment.objects.filter(contribution__campaign=campaign)
        assert comments.filter(status="published").count() == generate.get("comments", 0)
        assert comments.filter(status="pending").count() == generate.get("pending_comments", 0)
        replies = Reply.objects.filter(contribution__campaign=campaign)
        assert Counter(replies.values_list("status", flat=True)) == generate.get("replies", {})
        assert Photo.objects.filter(contribution__campaign=campaign).count() == generate.get("photos", 0)
        city = campaign.contributions.filter(source="city")
        assert city.count() == (streets if "city_lines" in generate else 0)
        assert campaign.attribution == content.ATTRIBUTION


def only_answered(plan: content.DemoCampaign) -> int:
    """How many people took part by answering the survey alone."""
    planned = plan.responses
    if planned is None:
        return 0
    return planned["responses"] - planned.get("paper", 0) - planned.get("also_took_part", 0)


def surveys_have_the_responses_that_their_files_ask_for() -> None:
    for plan in content.campaigns():
        campaign = Campaign.objects.get(slug=plan.fields["slug"])
        planned = plan.responses
        given = campaign.responses.complete()
        assert given.count() == (0 if planned is None else planned["responses"])
        if planned is None:
            continue
        assert given.filter(source="paper").count() == planned.get("paper", 0)
        assert set(given.filter(source="paper").values_list("batch", "entered_by__email")) == {
            (planned["batch"], seed.MODERATOR)
        }
        questions = list(Question.objects.of_survey(campaign.pk))
        assert [question.slug for question in questions] == [question.slug for question in plan.survey]
        for_staff = {question.slug for question in questions if question.audience == "staff"}
        for response in given:
            assert clean_answers(questions, response.all_answers, require=False) == response.all_answers
            assert set(response.staff_answers) <= for_staff
            assert not set(response.answers) & for_staff
        counts = SurveyTally.objects.of(campaign.pk)
        answered = {question.slug for question in questions if question.kind != "note"}
        assert set(counts) == answered | {WHOLE_SURVEY}
        assert counts[WHOLE_SURVEY][ANSWERED] == planned["responses"]


def survey_of_bike_streets_differs_by_role() -> None:
    def mean(role: str) -> float:
        given = Response.objects.filter(campaign__slug="fahrradstrassen", answers__rolle=role)
        steps = [
            int(answers["aussagen"]["parken"])
            for answers in given.values_list("answers", flat=True)
            if "parken" in answers["aussagen"]
        ]
        return sum(steps) / len(steps)

    assert mean("unterwegs") > mean("wohnen") + 0.5


def pictures_of_the_survey_are_stored_with_their_words() -> None:
    campaign = Campaign.objects.get(slug="ampelfiguren")
    assert campaign.picture is not None
    question = Question.objects.get(campaign=campaign, kind="picture_choice")
    shown = {choice["picture"]: choice["alt"] for choice in question.options["choices"]}
    assert len(shown) == 5
    for pk, alt in shown.items():
        stored = campaign.pictures.get(pk=pk)
        assert stored.alt == alt
        assert stored.file.size > 0
    assert campaign.pictures.count() == 6


def every_text_of_the_translations_is_one_of_the_demo() -> None:
    for plan in content.campaigns():
        campaign = Campaign.objects.get(slug=plan.fields["slug"])
        assert set(campaign.languages) == set(plan.translations)
        for language, words in plan.translations.items():
            made = {
                one.text.original: one.translation
                for one in translations_in(campaign, language)
                if one.translation
            }
            assert made == words


def ideas_were_collected_before_they_were_supported() -> None:
    campaign = Campaign.objects.get(slug="ideen-innenstadt")
    collecting, reacting, checking = campaign.timeline
    assert not checking.allows
    assert campaign.phase_at(timezone.now()) == reacting
    for contribution in campaign.contributions.all():
        assert collecting.opens_at <= contribution.created_at < collecting.closes_at
    for reaction in (*Support.objects.filter(contribution__campaign=campaign), *campaign_comments(campaign)):
        assert reacting.opens_at <= reaction.created_at < reacting.closes_at


def campaign_comments(campaign: Campaign) -> list[Comment]:
    return list(Comment.objects.filter(contribution__campaign=campaign))


def known_numbers_of_the_model_city() -> None:
    numbers = dict(
        Contribution.objects.exclude(source="city").values_list("campaign__slug").annotate(number=Count("pk"))
    )
    assert (numbers["angstraeume"], numbers["hitze"]) == (92, 33)
    opinions = Support.objects.filter(contribution__campaign__slug="fahrradstrassen").count()
    comments = Comment.objects.filter(contribution__campaign__slug="fahrradstrassen").count()
    assert 880 <= opinions + comments <= 920
    responses = dict(Response.objects.values_list("campaign__slug").annotate(number=Count("pk")))
    assert responses["ampelfiguren"] == 214
    assert 880 <= responses["fahrradstrassen"] <= 920


def counters_and_footprints_are_right() -> None:
    assert Contribution.objects.aggregate(Sum("support_count"))["support_count__sum"] == (
        Support.objects.filter(value=1).count()
    )
    for contribution in Contribution.objects.filter(campaign__slug="fahrradstrassen"):
        assert contribution.support_count == contribution.supports.filter(value=1).count()
        assert contribution.opposition_count == contribution.supports.filter(value=-1).count()
        assert contribution.comment_count == contribution.comments.filter(status="published").count()
    for campaign in Campaign.objects.all():
        assert footprint.rebuild(campaign).differences == 0


def nobody_judges_their_own_or_reacts_before_it_is_there() -> None:
    for support in Support.objects.select_related("contribution"):
        assert support.participant_id != support.contribution.participant_id
        assert support.created_at >= support.contribution.created_at
    for comment in Comment.objects.select_related("contribution"):
        assert comment.created_at > comment.contribution.created_at


def everything_happens_within_the_period_and_before_today() -> None:
    today = seed.today()
    for contribution in Contribution.objects.select_related("campaign"):
        campaign = contribution.campaign
        assert campaign.opens_at is not None
        assert campaign.closes_at is not None
        assert campaign.opens_at <= contribution.created_at < min(campaign.closes_at, today)
    for response in Response.objects.select_related("campaign"):
        assert response.campaign.opens_at is not None
        assert response.campaign.opens_at <= response.created_at < today
    half_time = today - timedelta(days=19)
    first_half = Contribution.objects.filter(campaign__slug="angstraeume", created_at__lt=half_time).count()
    assert first_half > 46


def protected_campaign_has_a_release() -> None:
    release = current_release(Campaign.objects.get(slug="angstraeume"))
    assert release is not None
    assert release.cells
    counted = Contribution.objects.filter(campaign__slug="angstraeume", status="published").count()
    assert release.contributions > counted / 2


def campaigns_stand_where_they_should() -> None:
    statuses = {campaign.slug: campaign.status for campaign in Campaign.objects.all()}
    assert statuses.pop("spielplaetze") == CampaignStatus.UPCOMING
    assert statuses.pop("schulwege") == CampaignStatus.CLOSED
    assert set(statuses.values()) == {CampaignStatus.OPEN}
    assert {*SLUGS, "leitlinien", "stadt-raum-wir", "buergerbudget"} == set(
        Campaign.objects.values_list("slug", flat=True)
    )
    assert Campaign.objects.get(slug="ideen-innenstadt").area is None


def users_have_their_roles_and_the_known_password() -> None:
    for email, allowed in (
        (seed.PLANNER, {rules.may_moderate, rules.may_analyse, rules.may_reply}),
        (seed.MODERATOR, {rules.may_moderate, rules.may_reply}),
        (seed.ANALYST, {rules.may_analyse}),
    ):
        user = authenticate(username=email, password=seed.PASSWORD)
        assert isinstance(user, User)
        for campaign in Campaign.objects.all():
            assert rules.may_plan(user, campaign)
            for rule in (rules.may_moderate, rules.may_analyse, rules.may_reply):
                assert rule(user, campaign) == (rule in allowed)
    assert [user.email for user in User.objects.filter(is_superuser=True)] == [seed.PLANNER]
    assert set(User.objects.get(email=seed.PLANNER).memberships.values_list("role", flat=True)) == {
        Role.MANAGER
    }


def photos_are_pictures_that_say_they_are_examples() -> None:
    photo = Photo.objects.earliest("pk")
    with photo.file.open("rb") as file:
        picture = Image.open(io.BytesIO(file.read()))
        assert picture.size == (960, 720)


def quarters_cover_the_city_without_overlap() -> None:
    campaign = Campaign.objects.get(slug="hitze")
    assert campaign.area is not None
    assert campaign.district_layer is not None
    districts = [district.geom for district in campaign.district_layer.districts.all()]
    assert sum(one.area for one in districts) == pytest.approx(campaign.area.area, rel=1e-4)
    assert len(districts) == len(content.quarters())


WHAT_HOLDS = (
    every_campaign_has_what_its_file_asks_for,
    known_numbers_of_the_model_city,
    counters_and_footprints_are_right,
    nobody_judges_their_own_or_reacts_before_it_is_there,
    everything_happens_within_the_period_and_before_today,
    campaigns_stand_where_they_should,
    protected_campaign_has_a_release,
    users_have_their_roles_and_the_known_password,
    photos_are_pictures_that_say_they_are_examples,
    quarters_cover_the_city_without_overlap,
    surveys_have_the_responses_that_their_files_ask_for,
    survey_of_bike_streets_differs_by_role,
    pictures_of_the_survey_are_stored_with_their_words,
    every_text_of_the_translations_is_one_of_the_demo,
    ideas_were_collected_before_they_were_supported,
)


def test_what_holds_of_the_whole_demo_and_a_second_run_does_nothing(db: None) -> None:
    """One test, because making all of it takes ten seconds."""
    run()
    for holds in WHAT_HOLDS:
        holds()
    before = everything()
    assert run() == "The demo is there already.\n"
    assert everything() == before


def test_two_seeds_are_equal(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "hitze", "ideen-innenstadt")
    made = []
    for secret in ("a" * 50, "b" * 50):
        settings.SECRET_KEY = secret
        with transaction.atomic():
            run()
            made.append(everything())
            transaction.set_rollback(True)
    assert made[0] == made[1]
    assert len(made[0]["contributions"]) == 60  # type: ignore[arg-type]


def test_interrupted_campaign_leaves_nothing_and_is_made_again(
    db: None, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    only(monkeypatch, "spielplaetze", "hitze")

    def interrupted(_campaign: Campaign, opinions: Sequence[object]) -> None:
        if opinions:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("mapping.demo.seed.store_opinions", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert [campaign.slug for campaign in Campaign.objects.all()] == ["spielplaetze"]
    assert not Contribution.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]

    run()
    assert Campaign.objects.get(slug="hitze").contributions.count() == 33
