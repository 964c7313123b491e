from django.test import Client
from django.utils import translation

from mapping.models import Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from mapping.services import feedback
from tests import personas
from tests.personas import Citizen


def page(client: Client, query: str = "") -> str:
    client.cookies["django_language"] = "en"
    response = client.get("/", {"q": query} if query else {})
    assert response.status_code == 200
    return response.content.decode()


def test_home_shows_campaigns_by_where_they_stand(
    client: Client, campaign: Campaign, upcoming_campaign: Campaign, closed_campaign: Campaign
) -> None:
    shown = page(client)
    running, upcoming, closed = (
        shown.index(f">{one.title}<") for one in (campaign, upcoming_campaign, closed_campaign)
    )
    assert running < shown.index("Coming soon") < upcoming < shown.index("Completed") < closed
    assert "30 days left" in shown
    assert "Begins in 10 days" in shown


def test_drafts_are_not_shown(client: Client, draft_campaign: Campaign) -> None:
    assert draft_campaign.title not in page(client)


def test_search_finds_words_in_any_order_and_case(
    client: Client, campaign: Campaign, post_campaign: Campaign
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(title="Cool places", summary="Where trees give shade")
    shown = page(client, "TREES cool")
    assert "Cool places" in shown
    assert post_campaign.title not in shown
    assert "1 result" in shown


def test_search_survives_whatever_is_typed(client: Client, campaign: Campaign) -> None:
    for words in ("%", "\0", "<script>alert(1)</script>", "x" * 5000, "' or 1=1 --"):
        shown = page(client, words)
        assert "<script>alert" not in shown
    assert "Nothing fits these words" in shown


def test_card_counts_people_and_contributions_with_what_is_public_alone(
    client: Client, campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> None:
    liked = personas.make_contribution(campaign, by=citizen)
    personas.make_contribution(campaign, by=citizen)
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    feedback.set_support(liked, 1, another_citizen.secret)
    shown = page(client)
    assert "3 people took part" in shown
    assert "3 contributions" in shown


def test_cells_campaign_shows_neither_totals_nor_places(client: Client, cells_campaign: Campaign) -> None:
    for _ in range(7):
        personas.make_contribution(cells_campaign)
    shown = page(client)
    assert "Single places stay protected" in shown
    assert "took part" not in shown
    assert "outline__point" not in shown


def test_map_of_a_card_draws_published_contributions_only(client: Client, campaign: Campaign) -> None:
    personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    personas.make_contribution(campaign, status=ContributionStatus.REJECTED)
    assert "outline__point" not in page(client)
    personas.make_contribution(campaign, "LINESTRING(7.75 49.44, 7.77 49.45)", category="street")
    assert "outline__line category-orange" in page(client)


def test_answers_of_the_city_are_shown_for_public_contributions(
    client: Client, published: Contribution, pending: Contribution
) -> None:
    Reply.objects.create(contribution=published, status=ReplyStatus.DONE, text="The lamp shines again.")
    Reply.objects.create(contribution=pending, status=ReplyStatus.PLANNED, text="Not yet public.")
    shown = page(client)
    assert "The lamp shines again." in shown
    assert "Not yet public." not in shown


def test_home_without_any_campaign_is_friendly(client: Client, db: None) -> None:
    assert "Nothing is open at the moment" in page(client)


def test_reading_sets_no_cookie(client: Client, campaign: Campaign) -> None:
    assert not client.get("/").cookies


def test_language_switch_needs_no_cookie_before(campaign: Campaign) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.post("/language/", {"language": "en", "next": "/imprint/"})
    assert (response.status_code, response["Location"]) == (302, "/imprint/")
    assert browser.cookies["django_language"].value == "en"
    assert 'lang="en"' in browser.get("/imprint/").content.decode()
    assert browser.get("/language/").status_code == 405


def test_language_switch_leads_to_no_other_site(db: None) -> None:
    response = Client().post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"


def test_number_of_queries_grows_with_campaigns_only(
    client: Client, campaign: Campaign, django_assert_max_num_queries: object
) -> None:
    for _ in range(30):
        personas.make_contribution(campaign)
    with translation.override("en"), django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get("/")
