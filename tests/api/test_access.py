"""Who sees what: a table of people, campaigns and addresses; and the log of looks at protected data."""

import json
import logging

import pytest
from django.test import Client

from accounts.models import ApiToken, Role, User
from mapping.models import Campaign, Contribution, ContributionStatus
from tests.api.conftest import ROOT, campaign_url, code, contributions_url, feature, reasons, with_token
from tests.personas import make_contribution, make_user, staff_browser

READS = ("contributions/", "download.geojson", "heatmap", "centres")


@pytest.fixture
def people(
    campaign: Campaign, cells_campaign: Campaign, draft_campaign: Campaign, outsider: User
) -> dict[str, User]:
    """One user of each role, in all three campaigns."""
    users = {role: make_user(f"{role}-of-all@example.org") for role in Role.values}
    for role, user in users.items():
        for one in (campaign, cells_campaign, draft_campaign):
            user.memberships.create(campaign=one, role=role)
    return {**users, "outsider": outsider, "superuser": make_user("root@example.org", is_superuser=True)}


def client_of(people: dict[str, User], who: str, way: str) -> Client:
    if who == "public":
        return Client()
    return with_token(people[who]) if way == "token" else staff_browser(people[who])


# who, campaign, with status=pending, expected status and code
TABLE = [
    ("public", "fear-spaces", False, 200, ""),
    ("public", "fear-spaces", True, 401, "unauthenticated"),
    ("public", "night-routes", False, 403, "publishes_cells"),
    ("public", "night-routes", True, 401, "unauthenticated"),
    ("public", "secret-plan", False, 404, "not_found"),
    ("public", "secret-plan", True, 404, "not_found"),
    ("outsider", "fear-spaces", False, 200, ""),
    ("outsider", "fear-spaces", True, 403, "analysts_only"),
    ("outsider", "night-routes", False, 403, "publishes_cells"),
    ("outsider", "secret-plan", False, 404, "not_found"),
    ("moderator", "fear-spaces", False, 200, ""),
    ("moderator", "fear-spaces", True, 403, "analysts_only"),
    ("moderator", "night-routes", False, 403, "publishes_cells"),
    ("moderator", "secret-plan", False, 403, "analysts_only"),
    ("analyst", "fear-spaces", True, 200, ""),
    ("analyst", "night-routes", False, 200, ""),
    ("analyst", "night-routes", True, 200, ""),
    ("analyst", "secret-plan", True, 200, ""),
    ("manager", "night-routes", True, 200, ""),
    ("manager", "secret-plan", False, 200, ""),
    ("superuser", "night-routes", True, 200, ""),
]


@pytest.mark.parametrize("row", TABLE, ids=["-".join(map(str, row[:3])) for row in TABLE])
def test_reading_table(people: dict[str, User], row: tuple[str, str, bool, int, str]) -> None:
    who, slug, asks, status, reason = row
    for way in ("token", "session"):
        client = client_of(people, who, way)
        for address in READS:
            response = client.get(campaign_url(slug, address), {"status": "pending"} if asks else {})
            if reason == "publishes_cells" and address not in {"contributions/", "centres"}:
                assert json.loads(response.getvalue()) == {
                    "type": "FeatureCollection",
                    "features": [],
                    "release": None,
                }
                continue
            assert response.status_code == status
            if reason:
                assert code(response) == reason
            if status == 401:
                assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_analyst_reads_what_waits_for_review(people: dict[str, User], campaign: Campaign) -> None:
    pending = make_contribution(campaign, status=ContributionStatus.PENDING)
    rejected = make_contribution(campaign, status=ContributionStatus.REJECTED)
    shown = make_contribution(campaign)
    script = with_token(people["analyst"])

    def found(query: str) -> set[str]:
        body = script.get(contributions_url(campaign.slug) + query).json()
        return {one["id"] for one in body["features"]}

    assert found("") == {str(shown.pk)}
    assert found("?status=pending") == {str(pending.pk)}
    assert found("?status=pending,rejected,published") == {str(one.pk) for one in (pending, rejected, shown)}
    assert found("?status=pending&status=rejected") == {str(pending.pk), str(rejected.pk)}
    one = script.get(contributions_url(campaign.slug, f"{pending.pk}/"))
    assert one.json()["properties"]["status"] == "pending"
    assert "edit_url" not in one.json()
    wrong = script.get(contributions_url(campaign.slug) + "?status=withdrawn")
    assert reasons(wrong) == {"status": "unknown_choice"}


def test_looks_at_protected_data_are_logged_without_visitors_data(
    people: dict[str, User], cells_campaign: Campaign, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    stored = make_contribution(cells_campaign, text="at the old mill")
    script = with_token(people["analyst"])
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        for address in (*READS, f"contributions/{stored.pk}/"):
            assert script.get(campaign_url(cells_campaign.slug, address)).status_code == 200
        script.get(campaign_url(campaign.slug, "heatmap"))
        Client().get(campaign_url(cells_campaign.slug, "heatmap"))
    lines = [record.getMessage() for record in caplog.records if record.name == "geoparticipation.access"]
    number = people["analyst"].pk
    views = ("contributions", "download", "heatmap", "centres", "contribution")
    assert lines == [f"user={number} campaign=night-routes view={view}" for view in views]


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer ", "bearer \x00", "Bearer " + "x" * 5000, "Bearer ä"]
)
def test_wrong_token_is_refused_rather_than_ignored(published: Contribution, header: str) -> None:
    response = Client().get(ROOT + "/campaigns/", headers={"Authorization": header})
    assert response.status_code == 401
    assert code(response) == "unauthenticated"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_token_of_a_deactivated_user_opens_nothing(people: dict[str, User]) -> None:
    token = ApiToken.issue(people["analyst"])
    User.objects.filter(pk=people["analyst"].pk).update(is_active=False)
    response = Client().get(ROOT + "/", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 401


def test_other_schemes_mean_the_public(published: Contribution) -> None:
    response = Client().get(contributions_url("fear-spaces"), headers={"Authorization": "Basic YTpi"})
    assert response.status_code == 200


def test_session_is_no_power_to_write(analyst: User, campaign: Campaign) -> None:
    """A logged-in person writes as a citizen only, so a forged request could do nothing more with their session."""
    browser = staff_browser(analyst)
    browser.handler.enforce_csrf_checks = True
    response = browser.post(contributions_url(campaign.slug), feature(), content_type="application/json")
    assert response.status_code == 201
    assert Contribution.objects.get().status == ContributionStatus.PENDING


def test_numbers_of_protected_campaigns_are_for_members(
    people: dict[str, User], cells_campaign: Campaign
) -> None:
    make_contribution(cells_campaign)
    make_contribution(cells_campaign, status=ContributionStatus.PENDING)

    def numbers(client: Client) -> tuple[object, object]:
        body = client.get(campaign_url(cells_campaign.slug)).json()
        [listed] = [
            one for one in client.get(ROOT + "/campaigns/").json()["campaigns"] if one["slug"] == body["slug"]
        ]
        assert (listed["contributions"], listed["participants"]) == (
            body["contributions"],
            body["participants"],
        )
        return body["contributions"], body["participants"]

    assert numbers(Client()) == (None, None)
    assert numbers(with_token(people["outsider"])) == (None, None)
    assert numbers(with_token(people["moderator"])) == (1, 1)


def test_what_the_staff_reads_is_kept_by_no_cache(published: Contribution, people: dict[str, User]) -> None:
    for client in (with_token(people["analyst"]), staff_browser(people["analyst"])):
        for rest in ("", "?status=pending", f"{published.pk}/"):
            response = client.get(contributions_url("fear-spaces", rest))
            assert response.status_code == 200
            assert response.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in response.headers


def test_public_data_may_be_read_from_anywhere_without_cookies(
    published: Contribution, public: Client
) -> None:
    response = public.get(contributions_url("fear-spaces"), headers={"Origin": "https://elsewhere.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    preflight = public.options(
        contributions_url("fear-spaces"),
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 204
    assert "Access-Control-Allow-Methods" not in preflight.headers
    assert "Access-Control-Allow-Headers" not in preflight.headers
