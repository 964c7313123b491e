"""One way to break each constraint of the database, straight through the ORM (`test_constraints`)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.gis.geos import GEOSGeometry, LinearRing, LineString, MultiPolygon, Point, Polygon
from django.utils import timezone

from accounts.models import ApiToken, Membership, Role, User
from mapping.models import (
    Campaign,
    CampaignChange,
    Category,
    Comment,
    Comparison,
    Contribution,
    District,
    DistrictLayer,
    ExportJob,
    ModerationEvent,
    Participant,
    Phase,
    Photo,
    PopulationGrid,
    Question,
    Release,
    ReleaseCell,
    ReleaseEntry,
    ReleaseRegion,
    RemovedQuestion,
    Reply,
    ReplyTemplate,
    Response,
    Support,
    SurveyTally,
    TaggedText,
    TextTag,
)
from tests import personas
from tests.breaking_audit import OF_AUDIT
from tests.breaking_city import BOW_TIE, FAR, OF_CITY
from tests.breaking_engagement import BY_COLUMN_TYPE_OF_ENGAGEMENT, OF_ENGAGEMENT
from tests.breaking_ground import OF_GROUND
from tests.breaking_ideas import OF_IDEAS
from tests.breaking_paper import OF_PAPER
from tests.breaking_retention import OF_RETENTION
from tests.breaking_signing_in import OF_SIGNING_IN
from tests.breaking_texts import OF_TEXTS
from tests.breaking_translations import OF_TRANSLATIONS
from tests.breaking_voting import OF_VOTING

Break = Callable[[Contribution], object]

SQUARE = Polygon(LinearRing((7.7, 49.4), (7.8, 49.4), (7.8, 49.5), (7.7, 49.4)), srid=4326)


def campaign_with(**fields: Any) -> Break:
    return lambda _: Campaign.objects.create(slug="new", title="New", **fields)


def category_with(**fields: Any) -> Break:
    values: dict[str, Any] = {"slug": "new", "title": "New", "geometry_types": ["point"]}
    return lambda stored: Category.objects.create(campaign=stored.campaign, **(values | fields))


def question_with(**fields: Any) -> Break:
    values: dict[str, Any] = {"slug": "new", "title": "New", "kind": "text"}
    return lambda stored: Question.objects.create(category=stored.category, **(values | fields))


def survey_question(stored: Contribution, **fields: Any) -> Question:
    values: dict[str, Any] = {"slug": "new", "title": "New", "kind": "text"}
    return Question.objects.create(campaign=stored.campaign, **(values | fields))


def question_of_nothing(_stored: Contribution) -> Question:
    return Question.objects.create(slug="new", title="New", kind="text")


def removed_question_with(**fields: Any) -> Break:
    values: dict[str, Any] = {"slug": "old", "title": "Old", "kind": "text"}

    def make(stored: Contribution) -> RemovedQuestion:
        owner = {} if "campaign" in fields else {"category": stored.category}
        given = {name: stored.campaign if value == "own" else value for name, value in fields.items()}
        return RemovedQuestion.objects.create(**(values | owner | given))

    return make


def change_of_campaign_with(**fields: Any) -> Break:
    def make(stored: Contribution) -> CampaignChange:
        actor = personas.make_user("actor@example.org")
        return CampaignChange.objects.create(campaign=stored.campaign, actor=actor, step="texts", **fields)

    return make


def response_with(**fields: Any) -> Break:
    return lambda stored: Response.objects.create(campaign=stored.campaign, **fields)


def text_tags_called(*names: str, **fields: Any) -> Break:
    def tags(stored: Contribution) -> None:
        for name in names:
            TextTag.objects.create(campaign=stored.campaign, name=name, **fields)

    return tags


def text_tagged_twice(stored: Contribution) -> None:
    tag = TextTag.objects.create(campaign=stored.campaign, name="Dark")
    response = Response.objects.create(campaign=stored.campaign, answers={"why": "dark"})
    for _time in range(2):
        TaggedText.objects.create(tag=tag, response=response, writing="why")


def phase_with(**fields: Any) -> Break:
    opens_at = timezone.now()
    values: dict[str, Any] = {"title": "New", "opens_at": opens_at, "closes_at": opens_at + timedelta(days=1)}
    return lambda stored: Phase.objects.create(campaign=stored.campaign, **(values | fields))


def tally_of_a_survey(stored: Contribution) -> SurveyTally:
    return SurveyTally.objects.create(
        campaign_id=stored.campaign.pk, question="q", value="v", shard=0, responses=1
    )


def comparison_with(**fields: Any) -> Break:
    groups = [{"title": title, "size": 50, "choices": [title]} for title in ("yes", "no")]
    values: dict[str, Any] = {"about": "age", "unit": "per_cent", "groups": groups, "source": "Census"}

    def make(stored: Contribution) -> Comparison:
        question = survey_question(stored, kind="yes_no")
        return Comparison.objects.create(question=question, as_of="2022-05-15", **(values | fields))

    return make


def group_of(size: object) -> list[dict[str, object]]:
    return [{"title": "all", "size": size, "choices": []}]


def release_with(**fields: Any) -> Break:
    values: dict[str, Any] = {
        "number": 1,
        "k": 5,
        "contributions": 7,
        "participants_at_least": 5,
    }
    return lambda stored: Release.objects.create(campaign=stored.campaign, **(values | fields))


def release_cell(stored: Contribution) -> ReleaseCell:
    release = release_with()(stored)
    assert isinstance(release, Release)
    return ReleaseCell.objects.create(
        release=release, size=200, cell=0, mask=16, contributions=5, participants_at_least=5
    )


def release_region(stored: Contribution) -> ReleaseRegion:
    return ReleaseRegion.objects.create(
        campaign=stored.campaign, size=200, cell=0, mask=15, since=1, contributions=5, participants=5
    )


def release_entry(stored: Contribution) -> ReleaseEntry:
    return ReleaseEntry.objects.create(
        campaign=stored.campaign, contribution=stored, cell=0, entered=2, left=2
    )


def contribution_with(**fields: Any) -> Break:
    return lambda stored: Contribution.objects.create(
        campaign=stored.campaign,
        category=stored.category,
        **fields,
    )


def photo_with(position: int, digest: bytes) -> Callable[[Contribution], Photo]:
    return lambda stored: Photo.objects.create(
        contribution=stored, file="x.jpg", width=1, height=1, position=position, digest=digest
    )


def district_with(geom: MultiPolygon, code: str = "1") -> Break:
    def make(_: Contribution) -> District:
        layer, _made = DistrictLayer.objects.get_or_create(slug="wards", defaults={"title": "Wards"})
        return District.objects.create(layer=layer, code=code, name="West", geom=geom)

    return make


def twice(make: Break) -> Break:
    """Do it again; the first time must go well."""

    def again(stored: Contribution) -> object:
        make(stored)
        return make(stored)

    return again


def comment_with(**fields: Any) -> Break:
    def make(stored: Contribution) -> Comment:
        values: dict[str, Any] = {"participant": stored.participant, "text": "Text"}
        return Comment.objects.create(contribution=stored, **(values | fields))

    return make


def support_with(value: int) -> Break:
    return lambda stored: Support.objects.create(
        contribution=stored, participant_id=stored.participant_id or 0, value=value
    )


def membership(role: str) -> Break:
    def make(stored: Contribution) -> Membership:
        user, _ = User.objects.get_or_create(email="someone@example.org")
        return Membership.objects.create(user=user, campaign=stored.campaign, role=role)

    return make


def token_that_may(scope: str) -> Break:
    def make(_stored: Contribution) -> str:
        user, _ = User.objects.get_or_create(email="someone@example.org")
        return ApiToken.issue(user, scope=scope)

    return make


NOW = timezone.now()
BREAKS: list[tuple[str, Break]] = [
    ("campaign_publication", campaign_with(publication="secret")),
    ("campaign_moderation", campaign_with(moderation="never")),
    ("campaign_protected_is_reviewed_first", campaign_with(publication="cells", moderation="post")),
    ("campaign_release_rhythm", campaign_with(release_rhythm="hourly")),
    ("campaign_k_in_range", campaign_with(k=1)),
    ("campaign_k_in_range", campaign_with(k=101)),
    ("campaign_opens_before_it_closes", campaign_with(opens_at=NOW, closes_at=NOW)),
    ("campaign_opens_before_it_closes", campaign_with(opens_at=NOW, closes_at=NOW - timedelta(days=1))),
    ("campaign_area_in_world", campaign_with(area=MultiPolygon(FAR, srid=4326))),
    ("campaign_area_well_formed", campaign_with(area=MultiPolygon(BOW_TIE, srid=4326))),
    ("campaign_area_well_formed", campaign_with(area=MultiPolygon(srid=4326))),
    ("category_slug_once_per_campaign", category_with(slug="spot")),
    ("category_geometry_types", category_with(geometry_types=[])),
    ("category_geometry_types", category_with(geometry_types=["point", "circle"])),
    ("category_marker", category_with(marker="skull")),
    ("category_colour", category_with(colour="infra")),
    ("category_smallest_zoom", category_with(smallest_zoom=14)),
    ("question_slug_once_per_category", twice(question_with())),
    ("question_kind", question_with(kind="riddle")),
    ("question_options_object", question_with(options=[])),
    ("question_options_object", question_with(options="text")),
    ("contribution_status", contribution_with(status="unknown")),
    ("contribution_source", contribution_with(source="rumour")),
    ("contribution_answers_object", contribution_with(answers=[1])),
    ("contribution_answers_object", contribution_with(answers="x")),
    ("contribution_external_id_once", twice(contribution_with(external_id="7"))),
    ("contribution_named_by_the_city", contribution_with(title="North", source="online")),
    ("contribution_named_by_the_city", contribution_with(position=0, source="paper")),
    *OF_IDEAS,
    *OF_GROUND,
    *OF_PAPER,
    *OF_SIGNING_IN,
    *OF_AUDIT,
    *OF_RETENTION,
    *OF_CITY,
    *OF_ENGAGEMENT,
    *OF_VOTING,
    *OF_TEXTS,
    *OF_TRANSLATIONS,
    ("contribution_geom_in_world", contribution_with(geom=Point(180.1, 49.4, srid=4326))),
    ("contribution_geom_in_world", contribution_with(geom=Point(-180.1, 49.4, srid=4326))),
    ("contribution_geom_well_formed", contribution_with(geom=BOW_TIE)),
    (
        "contribution_geom_well_formed",
        contribution_with(geom=LineString((7.7, 49.4), (7.7, 49.4), srid=4326)),
    ),
    ("contribution_geom_type_known", contribution_with(geom=MultiPolygon(SQUARE, srid=4326))),
    (
        "contribution_geom_type_known",
        contribution_with(geom=GEOSGeometry("GEOMETRYCOLLECTION(POINT(7.7 49.4))", srid=4326)),
    ),
    ("photo_position_once", lambda stored: (photo_with(0, b"1")(stored), photo_with(0, b"2")(stored))),
    (
        "photo_once_per_contribution",
        lambda stored: (photo_with(0, b"1")(stored), photo_with(1, b"1")(stored)),
    ),
    ("photo_three_at_most", photo_with(3, b"1")),
    ("district_code_once_per_layer", twice(district_with(MultiPolygon(SQUARE, srid=4326)))),
    ("district_geom_in_world", district_with(MultiPolygon(FAR, srid=4326))),
    ("district_geom_well_formed", district_with(MultiPolygon(BOW_TIE, srid=4326))),
    ("comment_status", comment_with(status="unknown")),
    ("comment_not_empty", comment_with(text="")),
    ("support_once", twice(support_with(1))),
    ("support_value", support_with(0)),
    ("support_value", support_with(2)),
    ("reply_status", lambda stored: Reply.objects.create(contribution=stored, status="maybe", text="Text")),
    (
        "export_job_status",
        lambda stored: ExportJob.objects.create(
            campaign=stored.campaign, ending="gpkg", language="de", status="maybe", expires_at=personas.EPOCH
        ),
    ),
    ("moderation_event_of_one_thing", lambda _: ModerationEvent.objects.create(to_status="published")),
    (
        "moderation_event_of_one_thing",
        lambda stored: ModerationEvent.objects.create(
            contribution=stored, comment=personas.make_comment(stored), to_status="published"
        ),
    ),
    (
        "moderation_event_original_object",
        lambda stored: ModerationEvent.objects.create(
            contribution=stored, to_status="published", original=[]
        ),
    ),
    (
        "participant_once_per_campaign",
        twice(lambda stored: Participant.objects.create(campaign=stored.campaign, key=b"key")),
    ),
    ("membership_once", twice(membership(Role.ANALYST))),
    ("membership_role_known", membership("king")),
    ("api_token_scope_known", token_that_may("all")),
    (
        "population_size_in_range",
        lambda _: PopulationGrid.objects.create(slug="new", title="New", size=99),
    ),
    ("release_number_once", twice(release_with())),
    ("releasecell_mask", release_cell),
    ("releaseregion_once_per_release", twice(release_region)),
    ("releaseentry_enters_before_it_leaves", release_entry),
    ("contribution_staff_answers_object", contribution_with(staff_answers=[])),
    ("question_slug_once_per_survey", twice(survey_question)),
    ("question_of_category_or_survey", lambda stored: survey_question(stored, category=stored.category)),
    ("question_of_category_or_survey", question_of_nothing),
    ("question_audience", question_with(audience="nobody")),
    ("question_results", question_with(results="later")),
    ("question_show_if_object", question_with(show_if=[])),
    ("response_source", response_with(source="pigeon")),
    ("response_answers_object", response_with(answers=[])),
    ("response_staff_answers_object", response_with(staff_answers=[])),
    ("phase_opens_before_it_closes", phase_with(closes_at=datetime(2020, 1, 1, tzinfo=UTC))),
    ("phase_allows", phase_with(allows=["dance"])),
    ("phase_no_overlap", twice(phase_with())),
    ("surveytally_value_once", twice(tally_of_a_survey)),
    ("comparison_about", comparison_with(about="shoes")),
    ("comparison_unit", comparison_with(unit="dozens")),
    ("comparison_has_source", comparison_with(source="")),
    ("comparison_groups_array", comparison_with(groups={})),
    ("comparison_total", comparison_with(groups=[])),
    ("comparison_total", comparison_with(groups=["all"])),
    ("comparison_total", comparison_with(groups=group_of(300))),
    ("comparison_total", comparison_with(groups=group_of("many"))),
    ("comparison_total", comparison_with(unit="people", groups=group_of(0))),
    ("comparison_total", comparison_with(unit="people", groups=[*group_of(9), *group_of(-1)])),
    ("removedquestion_slug_once_per_category", twice(removed_question_with())),
    ("removedquestion_slug_once_per_survey", twice(removed_question_with(campaign="own"))),
    ("removedquestion_of_category_or_survey", removed_question_with(campaign=None)),
    ("removedquestion_kind", removed_question_with(kind="riddle")),
    ("removedquestion_audience", removed_question_with(audience="nobody")),
    ("removedquestion_results", removed_question_with(results="later")),
    ("removedquestion_options_object", removed_question_with(options=[])),
    ("campaign_change_before_object", change_of_campaign_with(before=[])),
    ("campaign_change_after_object", change_of_campaign_with(after=[])),
    (
        "reply_template_title_once",
        twice(lambda stored: ReplyTemplate.objects.create(campaign=stored.campaign, title="A", text="a")),
    ),
    ("text_tag_name_once", text_tags_called("Dark", "dARK")),
    ("text_tag_named", text_tags_called("")),
    ("text_tag_mark", text_tags_called("Dark", mark="star")),
    ("tagged_text_once", text_tagged_twice),
    ("campaign_languages", campaign_with(language="xx")),
    ("campaign_languages", campaign_with(languages=["tr", "xx"])),
    ("campaign_embed_origins", campaign_with(embed_origins=["http://www.example.org"])),
    ("campaign_embed_origins", campaign_with(embed_origins=["https://www.example.org; script-src *"])),
    ("campaign_embed_origins", campaign_with(embed_origins=["https://a.example", None])),
    (
        "campaign_embed_origins",
        campaign_with(embed_origins=[f"https://a{number}.example" for number in range(21)]),
    ),
]

# The column's own type, MULTIPOLYGON, refuses other types before any constraint is asked.
BY_COLUMN_TYPE = BY_COLUMN_TYPE_OF_ENGAGEMENT | {
    *("campaign_area_type_known", "district_geom_type_known", "city_boundary_type_known")
}
