"""Sending contributions: stored once, told to their author, changed by nobody else."""

import uuid

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, Participant
from mapping.services.moderation import moderate
from mapping.services.submit import Submission, revise
from tests.api.conftest import code, contributions_url, feature, send
from tests.api.submitting import COOKIE, SLUG, nothing_is_stored
from tests.personas import GOOD_ANSWERS, Citizen, line, make_campaign, make_contribution, point, square


def test_contribution_is_stored_told_and_remembered(campaign: Campaign, public: Client) -> None:
    sent = feature("survey", text=" Dark. ", answers=GOOD_ANSWERS, zoom=17)
    response = send(public, SLUG, sent)
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/geo+json"
    stored = Contribution.objects.get()
    body = response.json()
    assert body["id"] == str(stored.pk)
    assert response.headers["Location"] == f"http://testserver{contributions_url(SLUG, f'{stored.pk}/')}"
    assert body["edit_url"].startswith("http://testserver/mine/")
    assert body["properties"]["own"] is True
    assert body["properties"]["status"] == "pending"
    assert body["properties"]["text"] == "Dark."
    assert body["properties"]["answers"] == GOOD_ANSWERS
    assert stored.zoom == 17
    cookie = response.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert public.get(body["edit_url"]).status_code == 200


def test_sending_twice_stores_once_and_answers_the_same(campaign: Campaign, public: Client) -> None:
    sent = {**feature(text="Dark."), "id": str(uuid.uuid4())}
    first = send(public, SLUG, sent)
    second = send(public, SLUG, sent)
    # The first answer was lost, and the cookie with it.
    third = send(Client(), SLUG, sent)
    assert [first.status_code, second.status_code, third.status_code] == [201, 200, 200]
    assert first.json() == second.json() == third.json()
    assert first.json()["id"] == sent["id"]
    assert Contribution.objects.count() == 1


def test_requests_of_one_sender_are_one_person_whichever_answer_arrives(campaign: Campaign) -> None:
    """A request that was cut off may arrive after its repetition, and its cookie may never arrive."""
    sent = {**feature(text="Dark."), "id": str(uuid.uuid4())}
    answers = [send(Client(headers={"Sender": "0f" * 32}), SLUG, sent) for _attempt in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert len({one.cookies[COOKIE].value for one in answers}) == 1
    assert Contribution.objects.get().participant == Participant.objects.get()
    other = send(Client(headers={"Sender": "1e" * 32}), SLUG, feature(text="Bright."))
    assert other.cookies[COOKIE].value != answers[0].cookies[COOKIE].value


@pytest.mark.parametrize("sender", ["", "short", "0F" * 32, "0f" * 33, "g" * 64])
def test_senders_that_could_be_guessed_are_nobody(campaign: Campaign, sender: str) -> None:
    answers = [send(Client(headers={"Sender": sender}), SLUG, feature(text="Dark.")) for _person in range(2)]
    assert len({one.cookies[COOKIE].value for one in answers}) == 2


def test_cookie_counts_before_the_sender(campaign: Campaign, public: Client) -> None:
    first = send(public, SLUG, feature(text="Dark."))
    public.defaults["HTTP_SENDER"] = "0f" * 32
    second = send(public, SLUG, feature(text="Bright."))
    assert first.cookies[COOKIE].value == second.cookies[COOKIE].value
    assert Participant.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("moderation", ["pre", "post"])
def test_repetition_with_a_cookie_that_came_meanwhile_is_of_its_author(
    moderation: str, public: Client
) -> None:
    """The answer to the first was lost, the second brought a cookie, then the first is sent again."""
    campaign = make_campaign("parks", moderation=moderation)
    first, second = ({**feature(text=text), "id": str(uuid.uuid4())} for text in ("Dark.", "Bright."))
    send(Client(headers={"Sender": "0f" * 32}), "parks", first)
    send(public, "parks", second)
    if moderation == "post":
        # What is public proves nothing.
        assert "edit_url" not in send(Client(headers={"Sender": "1e" * 32}), "parks", first).json()
    again = send(public, "parks", first, headers={"Sender": "0f" * 32})
    assert again.status_code == 200
    assert again.json()["edit_url"]
    assert {one.participant for one in Contribution.objects.filter(campaign=campaign)} == {
        Participant.objects.get()
    }


def test_repetition_by_a_stranger_tells_nothing_that_is_not_public(
    campaign: Campaign, public: Client
) -> None:
    sent = {**feature(text="Dark."), "id": str(uuid.uuid4())}
    send(public, SLUG, sent)
    Contribution.objects.update(status=ContributionStatus.REJECTED)
    response = send(Client(), SLUG, sent)
    assert response.status_code == 200
    assert response.json() == {"type": "Feature", "id": sent["id"], "geometry": None, "properties": {}}
    assert COOKIE not in response.cookies


def test_same_id_with_other_content_is_a_conflict(campaign: Campaign, public: Client) -> None:
    pk = str(uuid.uuid4())
    send(public, SLUG, {**feature(text="Dark."), "id": pk})
    response = send(public, SLUG, {**feature(text="Light."), "id": pk})
    assert response.status_code == 409
    assert code(response) == "id_taken"
    assert Contribution.objects.get().text == "Dark."


def test_plain_json_media_type_and_upper_case_ids_are_fine(campaign: Campaign, public: Client) -> None:
    pk = str(uuid.uuid4())
    sent = {**feature("idea", None, text="An idea"), "id": pk.upper()}
    response = send(public, SLUG, sent, "application/json; charset=UTF-8")
    assert response.status_code == 201
    assert response.json()["id"] == pk
    assert response.json()["geometry"] is None


def test_contribution_to_a_cells_campaign_is_taken_and_shown_to_its_author_only(
    cells_campaign: Campaign, public: Client
) -> None:
    response = send(public, cells_campaign.slug, feature(text="Secret place"))
    assert response.status_code == 201
    pk = response.json()["id"]
    assert public.get(contributions_url(cells_campaign.slug, f"{pk}/")).json()["properties"]["own"] is True
    assert public.get(contributions_url(cells_campaign.slug, "mine/")).json()["numberReturned"] == 1
    stranger = Client().get(contributions_url(cells_campaign.slug, f"{pk}/"))
    assert stranger.status_code == 403
    assert code(stranger) == "publishes_cells"


def test_mine_lists_own_contributions_only_in_any_status(
    campaign: Campaign, citizen: Citizen, another_citizen: Citizen, public: Client
) -> None:
    kept = [
        make_contribution(campaign, by=citizen, status=status)
        for status in (ContributionStatus.PENDING, ContributionStatus.PUBLISHED, ContributionStatus.REJECTED)
    ]
    make_contribution(campaign, by=another_citizen)
    response = citizen.browser().get(contributions_url(SLUG, "mine/"), headers={"Accept-Encoding": "gzip"})
    body = response.json()
    assert {one["id"] for one in body["features"]} == {str(one.pk) for one in kept}
    assert all(one["edit_url"] and one["properties"]["own"] for one in body["features"])
    assert body["numberMatched"] == 3
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "Content-Encoding" not in response.headers
    assert public.get(contributions_url(SLUG, "mine/")).json()["features"] == []


@pytest.mark.parametrize("cookie", ["forged", "forged:signature", "", "a" * 5000, "\\000", "ü"])
def test_forged_cookies_make_nobody_somebody(
    campaign: Campaign, citizen: Citizen, public: Client, cookie: str
) -> None:
    own = make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    public.cookies[COOKIE] = cookie
    assert public.get(contributions_url(SLUG, "mine/")).json()["features"] == []
    assert public.get(contributions_url(SLUG, f"{own.pk}/")).status_code == 404
    assert public.delete(contributions_url(SLUG, f"{own.pk}/")).status_code == 404
    assert send(public, SLUG, feature()).status_code == 201


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ä", "%00", "." * 10_000, "AAAA-_=="])
def test_forged_edit_tokens_open_nothing(
    campaign: Campaign, citizen: Citizen, public: Client, token: str
) -> None:
    own = make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    url = contributions_url(SLUG, f"{own.pk}/")
    assert public.get(url, headers={"X-Edit-Token": token}).status_code == 404
    assert public.delete(url, headers={"X-Edit-Token": token}).status_code == 404
    assert Contribution.objects.get().status == ContributionStatus.PENDING


def test_edit_token_works_from_any_device_for_its_own_contribution(
    campaign: Campaign, citizen: Citizen, public: Client
) -> None:
    from mapping.services.identity import edit_token

    own = make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    other = make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    header = {"X-Edit-Token": edit_token(own.pk)}
    assert public.get(contributions_url(SLUG, f"{own.pk}/"), headers=header).json()["properties"]["own"]
    assert public.get(contributions_url(SLUG, f"{other.pk}/"), headers=header).status_code == 404
    assert public.delete(contributions_url(SLUG, f"{other.pk}/"), headers=header).status_code == 404
    assert public.delete(contributions_url(SLUG, f"{own.pk}/"), headers=header).status_code == 204
    assert not Contribution.objects.filter(pk=own.pk).exists()
    assert public.get(contributions_url(SLUG, f"{own.pk}/"), headers=header).status_code == 404


def test_only_the_author_withdraws(
    published: Contribution, another_citizen: Citizen, citizen: Citizen
) -> None:
    url = contributions_url(SLUG, f"{published.pk}/")
    refused = another_citizen.browser().delete(url)
    assert refused.status_code == 403
    assert code(refused) == "not_author"
    assert citizen.browser().delete(url).status_code == 204
    assert Client().get(url).status_code == 404


def test_page_of_another_site_cannot_write(published: Contribution, citizen: Citizen) -> None:
    browser = citizen.browser()
    for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://[", ""):
        response = send(browser, SLUG, feature(), headers={"Origin": origin})
        assert response.status_code == 403
        assert code(response) == "foreign_origin"
    assert send(browser, SLUG, feature(), headers={"Origin": "http://testserver"}).status_code == 201


def test_who_copies_what_was_public_before_its_change_is_not_its_author(
    campaign: Campaign, public: Client, moderator: User
) -> None:
    sent = {**feature(text="Dark."), "id": str(uuid.uuid4())}
    edit_url = send(public, SLUG, sent).json()["edit_url"]
    stored = Contribution.objects.get()
    moderate.publish(stored, moderator)
    copied = Client().get(contributions_url(SLUG, f"{stored.pk}/")).json()
    revise(stored, Submission("spot", point(), "Not reviewed yet"))

    response = send(Client(), SLUG, {**feature(text=copied["properties"]["text"]), "id": copied["id"]})
    assert response.status_code == 200
    assert response.json()["properties"] == {}
    assert edit_url.encode() not in response.content
    stored.refresh_from_db()
    assert (stored.status, stored.text) == ("pending", "Not reviewed yet")
    assert len(public.get(contributions_url(SLUG, "mine/")).json()["features"]) == 1


def test_too_many_submissions_are_told_when_to_go_on(
    campaign: Campaign, public: Client, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 20
    answers = [send(public, SLUG, feature(text=str(number))) for number in range(50)]
    assert [answer.status_code for answer in answers[:20]] == [201] * 20
    assert {answer.status_code for answer in answers[20:]} == {429}
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert code(answers[-1]) == "too_many_requests"
    assert Contribution.objects.count() == 20


def test_markup_and_bidi_tricks_stay_text(campaign: Campaign, public: Client) -> None:
    text = "<script>alert(1)</script> \u202eevil\u202c ' OR 1=1 -- {{ 7*7 }} ${7*7}"
    response = send(public, SLUG, feature(text=text))
    assert response.status_code == 201
    assert response.json()["properties"]["text"] == text.replace("\u202e", "").replace("\u202c", "")


@pytest.mark.parametrize(
    ("slug", "reason"),
    [("last-year", "campaign_closed"), ("next-year", "campaign_upcoming")],
)
def test_contributions_are_taken_in_the_open_period_only(
    closed_campaign: Campaign, upcoming_campaign: Campaign, public: Client, slug: str, reason: str
) -> None:
    response = send(public, slug, feature())
    assert response.status_code == 403
    assert code(response) == reason
    assert nothing_is_stored()


def test_places_of_the_city_are_closed_to_citizens(campaign: Campaign, public: Client) -> None:
    response = send(public, SLUG, feature("plan", line()))
    assert response.status_code == 403
    assert code(response) == "category_closed"


def test_draft_takes_nothing_and_does_not_exist(draft_campaign: Campaign, public: Client) -> None:
    assert send(public, draft_campaign.slug, feature()).status_code == 404
    assert nothing_is_stored()


def test_area_is_taken_where_wanted(campaign: Campaign, public: Client) -> None:
    response = send(public, SLUG, feature("meadow", square()))
    assert response.status_code == 201
    assert response.json()["geometry"]["type"] == "Polygon"
