"""Pages of subscriptions: GET changes nothing, nobody learns which addresses are known, one link shows everything."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement.models import (
    ConsentRecord,
    Letter,
    LetterKind,
    SubjectKind,
    Subscriber,
    Subscription,
)
from engagement.services.subscriptions import links, subscribing
from engagement.services.subscriptions.retention import remove_unconfirmed
from geoparticipation.logs import WithoutPrivateLinks
from mapping.models import Campaign, Contribution
from mapping.services.erase import withdraw
from mapping.services.identity import edit_token
from tests import personas
from tests.engagement.making import make_body, make_editor, make_event, make_plan
from tests.engagement.subscriptions.making import deliver, make_subscriber, make_subscription
from tests.engagement.subscriptions.places import last_part
from tests.engagement.subscriptions.post import PostOffice
from tests.personas import staff_browser

pytestmark = pytest.mark.django_db
START = "/subscriptions/"
CIRCLE = f"{START}?about=circle"
MAIL = "citizen@example.org"


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = True
    settings.SITE_URL = "https://beteiligung.example.org"


def ask(address: str = START, network: str = "192.0.2.1", **values: Any) -> Any:
    form = {"mail": MAIL, "rhythm": "at_once"} | values
    return Client(REMOTE_ADDR=network).post(address, form)


def path_in(words: str, kind: str) -> str:
    found = re.search(rf"https://beteiligung\.example\.org(/subscriptions/{kind}/\S+)", words)
    assert found is not None
    return found[1]


def test_story_of_a_subscription(post: PostOffice, campaign: Campaign) -> None:
    assert campaign.title in Client().get(f"{START}?campaign={campaign.slug}").content.decode()
    assert ask(f"{START}?campaign={campaign.slug}").headers["Location"] == "/subscriptions/sent/"
    deliver()
    assert "List-Unsubscribe" not in post.mails[0]
    assert campaign.title in post.words()
    path = path_in(post.words(), "confirm")
    assert campaign.title in Client().get(path).content.decode()
    assert Subscription.objects.get().confirmed_at is None
    answer = Client().post(path)
    assert answer.status_code == 302
    page = Client().get(answer.headers["Location"])
    assert campaign.title in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert Subscription.objects.get().confirmed_at is not None
    # Again is harmless.
    first = Subscription.objects.get().confirmed_at
    Client().post(path)
    assert Subscription.objects.get().confirmed_at == first
    assert list(ConsentRecord.objects.values_list("what", flat=True)) == ["requested", "confirmed"]


def test_one_click_ends_a_subscription_without_cookies(campaign: Campaign) -> None:
    subscription = make_subscription(campaign=campaign)
    path = links.end_link(subscription).removeprefix("https://beteiligung.example.org")
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(path).status_code == 200
    assert Subscription.objects.exists()
    for _time in range(2):
        answer = browser.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
    assert not Subscription.objects.exists()
    assert not Subscriber.objects.exists()
    assert ConsentRecord.objects.get().what == "ended"


def test_page_with_a_link_to_all_subscriptions_is_not_compressed(campaign: Campaign) -> None:
    """The length of a compressed page tells of what it holds (BREACH)."""
    path = links.end_link(make_subscription(campaign=campaign)).removeprefix(
        "https://beteiligung.example.org"
    )
    ending, sent = (Client().get(one, headers={"accept-encoding": "br"}) for one in (path, f"{START}sent/"))
    assert re.search(rb"/subscriptions/mine/[0-9a-f]{64}/", ending.content)
    assert "Content-Encoding" not in ending.headers
    assert sent.headers["Content-Encoding"] == "br"


@pytest.mark.parametrize("kind", ["confirm", "end", "mine"])
def test_forged_links_open_nothing(campaign: Campaign, kind: str) -> None:
    subscription = make_subscription(campaign=campaign, confirmed_at=None)
    true = last_part(links.confirm_link(subscription))
    forged = [true[:-1] + ("0" if true[-1] != "0" else "1"), uuid.uuid4().hex * 2, "x", "ä" * 64, "0" * 64]
    if kind != "confirm":
        forged.append(true)
    for token in forged:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(f"/subscriptions/{kind}/{token}/")
            assert answer.status_code == 404, token
    assert Subscription.objects.get().confirmed_at is None


def test_answer_is_the_same_for_known_and_unknown_addresses(campaign: Campaign) -> None:
    make_subscription(make_subscriber(mail="known@example.org"), campaign=campaign)
    answers = {
        (answer.status_code, answer.headers["Location"])
        for mail in ("known@example.org", "new@example.org", "Known@Example.ORG")
        for answer in (
            ask(f"{START}?campaign={campaign.slug}", mail=mail),
            ask("/subscriptions/link/", mail=mail),
        )
    }
    assert answers == {(302, "/subscriptions/sent/")}
    kinds = Letter.objects.filter(subscriber__mail="known@example.org").values_list("kind", flat=True)
    assert set(kinds) == {LetterKind.OVERVIEW}
    assert Letter.objects.filter(subscriber__mail="new@example.org").exclude(kind="overview").count() == 1


def test_address_of_somebody_else_is_not_flooded(campaign: Campaign) -> None:
    for number in range(20):
        answer = ask(f"{START}?campaign={campaign.slug}", f"192.0.{number}.1")
        assert answer.status_code == 302
    assert Letter.objects.count() == subscribing.PER_ADDRESS.most


@pytest.mark.parametrize("address", [f"{START}?campaign=fear-spaces", "/subscriptions/link/"])
def test_invisible_signs_make_no_other_address(campaign: Campaign, address: str) -> None:
    make_subscription(make_subscriber(mail=MAIL))
    for number in range(12):
        ask(address, f"192.0.{number}.1", mail=f"Citizen@example{chr(0xAD) * number}.org ")
    assert Letter.objects.count() == subscribing.PER_ADDRESS.most
    assert Subscriber.objects.get().mail == MAIL


def test_domains_are_stored_as_mail_servers_look_them_up(campaign: Campaign) -> None:
    for domain in ("bücher.example", "xn--bcher-kva.example", "BÜCHER.example"):
        ask(f"{START}?campaign={campaign.slug}", mail=f"ada@{domain}")
    assert Subscriber.objects.get().mail == "ada@xn--bcher-kva.example"


def test_one_network_is_limited(campaign: Campaign) -> None:
    answers = [
        ask(f"{START}?campaign={campaign.slug}", mail=f"m{number}@example.org")
        for number in range(subscribing.PER_NETWORK.most + 1)
    ]
    assert {one.status_code for one in answers[:-1]} == {302}
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "mail",
    ["", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org,b@example.org", f"{'a' * 300}@b.de"],
)
def test_wrong_addresses_are_named_at_their_field(mail: str) -> None:
    answer = ask(about="calendar", mail=mail)
    assert answer.status_code == 422
    assert "id_mail" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_everything_public_can_be_chosen(campaign: Campaign, draft_campaign: Campaign) -> None:
    plan, body = make_plan(), make_body()
    hidden = make_plan(is_draft=True, title="Secret plan")
    page = Client().get(START).content.decode()
    assert hidden.title not in page
    assert draft_campaign.title not in page
    chosen = {
        "calendar": SubjectKind.CALENDAR,
        f"campaign:{campaign.slug}": SubjectKind.CAMPAIGN,
        f"plan:{plan.slug}": SubjectKind.PLAN,
        f"body:{body.slug}": SubjectKind.BODY,
    }
    for number, about in enumerate(chosen):
        assert ask(about=about, mail=f"{number}@example.org").status_code == 302
    assert ask(CIRCLE, place="7.7689, 49.4447", radius="500").status_code == 302
    kinds = list(Subscription.objects.values_list("kind", flat=True))
    assert sorted(kinds) == sorted([*chosen.values(), SubjectKind.CIRCLE])
    circle = Subscription.objects.get(kind=SubjectKind.CIRCLE)
    assert circle.place is not None
    assert (round(circle.place.x, 4), round(circle.place.y, 4), circle.radius_metres) == (
        7.7689,
        49.4447,
        500,
    )


@pytest.mark.parametrize(
    ("address", "values", "field"),
    [
        (START, {"about": "plan:nothing"}, "id_about"),
        (START, {"about": "calendar", "rhythm": "always"}, "id_rhythm"),
        (CIRCLE, {"place": ""}, "id_place"),
        (CIRCLE, {"place": "somewhere"}, "id_place"),
        (CIRCLE, {"place": "999, 99"}, "id_place"),
        (CIRCLE, {"place": "7.7, 49.4", "radius": "7"}, "id_radius"),
    ],
)
def test_wrong_choices_are_named_at_their_field(address: str, values: dict[str, str], field: str) -> None:
    answer = ask(address, **({"radius": "500"} | values))
    assert answer.status_code == 422
    assert f'id="{field}_error' in answer.content.decode()


def test_what_is_not_public_cannot_be_chosen(draft_campaign: Campaign, pending: Contribution) -> None:
    hidden = make_plan(is_draft=True)
    for query in (
        f"campaign={draft_campaign.slug}",
        f"plan={hidden.slug}",
        f"contribution={pending.pk}",
        "contribution=x",
        "district=x",
        "district=99999999999999",
        "category=a/b",
        "body=%00",
        "author=x",
    ):
        answer = ask(f"{START}?{query}", about="")
        assert answer.status_code in (404, 422), query
    assert not Subscription.objects.exists()


def test_author_subscribes_with_the_private_link(pending: Contribution) -> None:
    address = f"/subscriptions/author/{edit_token(pending.pk)}/"
    page = Client().get(address)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert ask(address).status_code == 302
    stored = Subscription.objects.get()
    assert (stored.contribution, stored.is_author) == (pending, True)
    withdraw(pending)
    assert not Subscriber.objects.exists()
    assert Client().get(address).status_code == 404


def test_own_page_changes_and_ends(campaign: Campaign) -> None:
    reader = make_subscriber()
    first, second = make_subscription(reader, campaign=campaign), make_subscription(reader)
    other = make_subscription()
    path = f"/subscriptions/mine/{links.mine_token(reader)}/"
    browser = Client()
    browser.post(path, {"action": "rhythm", "subscription": first.pk, "rhythm": "weekly"})
    browser.post(path, {"action": "rhythm", "subscription": second.pk, "rhythm": "always"})
    browser.post(path, {"action": "end", "subscription": other.pk})
    browser.post(path, {"action": "end", "subscription": "x"})
    browser.post(path, {})
    assert list(reader.subscriptions.order_by("pk").values_list("pk", "rhythm")) == sorted(
        [(first.pk, "weekly"), (second.pk, "at_once")]
    )
    browser.post(path, {"action": "end", "subscription": second.pk})
    assert reader.subscriptions.count() == 1
    assert browser.post(path, {"action": "end-all"}).status_code == 200
    assert list(Subscriber.objects.all()) == [other.subscriber]
    assert browser.get(path).status_code == 404


def test_own_page_reads_a_constant_number_of_rows(
    campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    reader = make_subscriber()
    make_subscription(reader, campaign=campaign)
    path = f"/subscriptions/mine/{links.mine_token(reader)}/"
    for category in campaign.categories.all():
        make_subscription(reader, category=category)
    with django_assert_max_num_queries(3):
        assert Client().get(path).status_code == 200


def test_form_reads_a_constant_number_of_rows(django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        personas.make_campaign(f"c{number}", with_categories=False)
        make_plan()
    with django_assert_max_num_queries(8):
        assert Client().get(START).status_code == 200


def test_unconfirmed_addresses_go_after_two_weeks(campaign: Campaign) -> None:
    old, young = (
        make_subscription(
            campaign=campaign, confirmed_at=None, created_at=timezone.now() - timedelta(days=days)
        )
        for days in (15, 13)
    )
    confirmed = make_subscription(campaign=campaign, created_at=timezone.now() - timedelta(days=15))
    remove_unconfirmed()
    left = set(Subscriber.objects.values_list("pk", flat=True))
    assert left == {young.subscriber_id, confirmed.subscriber_id}
    assert old.subscriber_id not in left


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_ended", [True, False])
def test_address_goes_with_its_last_subscription(campaign: Campaign, *, is_ended: bool) -> None:
    reader = make_subscriber()
    subscription = make_subscription(reader, campaign=campaign)
    Letter.objects.create(kind=LetterKind.OVERVIEW, subscriber=reader)
    Letter.objects.create(kind=LetterKind.NEWS, subscriber=reader, subscription=subscription)
    if is_ended:
        subscribing.end(subscription)
    else:
        campaign.delete()
    assert not Subscriber.objects.exists()
    assert not Letter.objects.exists()


def test_consents_hold_no_address(campaign: Campaign) -> None:
    ask(f"{START}?campaign={campaign.slug}")
    [record] = ConsentRecord.objects.all()
    assert record.wording == subscribing.WORDING
    assert bytes(record.key) == subscribing.consent_key(MAIL.upper())
    assert MAIL.encode() not in bytes(record.key)


def test_site_without_a_mail_server_offers_feeds(settings: Settings, campaign: Campaign) -> None:
    settings.SENDS_MAIL = False
    page = Client().get(f"{START}?campaign={campaign.slug}").content.decode()
    assert f"/campaigns/{campaign.slug}/calendar.ics" in page
    assert f'"/campaigns/{campaign.slug}/feed.atom"' in page
    assert '"/feed.atom"' in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]
    ask(f"{START}?campaign={campaign.slug}")
    assert not Subscriber.objects.exists()


def test_pages_of_plans_bodies_and_events_lead_to_subscribing() -> None:
    plan, body, event = make_plan(), make_body(), make_event()
    ways = {
        plan.get_absolute_url(): f"{START}?plan={plan.slug}",
        body.get_absolute_url(): f"{START}?body={body.slug}",
        event.get_absolute_url(): START,
    }
    for address, way in ways.items():
        page = Client().get(address).content.decode()
        assert f'href="{way}"' in page.partition("<main")[2].partition("</main")[0]
        assert Client().get(way).status_code == 200
    draft = make_plan(is_draft=True)
    page = staff_browser(make_editor()).get(draft.get_absolute_url()).content.decode()
    assert f"?plan={draft.slug}" not in page


def test_secret_links_are_kept_out_of_logs() -> None:
    import logging

    for kind in ("author", "confirm", "end", "mine"):
        record = logging.LogRecord("x", 30, "", 0, f"GET /subscriptions/{kind}/abc0/ 404", None, None)
        WithoutPrivateLinks().filter(record)
        assert record.msg == f"GET /subscriptions/{kind}/…/ 404"


def test_letters_are_in_the_language_of_the_page(post: PostOffice, campaign: Campaign) -> None:
    browser = Client()
    browser.cookies["django_language"] = "en"
    browser.post(f"{START}?campaign={campaign.slug}", {"mail": MAIL, "rhythm": "daily"})
    deliver()
    assert "Please confirm" in post.words()
    assert post.mails[0]["Content-Language"] == "en"


def test_pages_lead_to_subscriptions(published: Contribution, pending: Contribution) -> None:
    campaign = published.campaign
    page = Client().get(campaign.get_absolute_url()).content.decode()
    assert f'href="/subscriptions/?campaign={campaign.slug}"' in page
    public = Client().get(f"/campaigns/{campaign.slug}/contributions/{published.pk}/").content.decode()
    assert f'href="/subscriptions/?contribution={published.pk}"' in public
    token = edit_token(pending.pk)
    private = Client().get(f"/mine/{token}/").content.decode()
    assert f'href="/subscriptions/author/{token}/"' in private
