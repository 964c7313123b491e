"""Without a network: a campaign's page works once it was visited, contributions wait and are stored exactly once."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, Route, expect

from mapping.models import Campaign, Contribution, Photo, Publication
from tests.browser.judge import Judge
from tests.browser.offline.steps import (
    QUESTION,
    UNTIL_KEPT,
    WORDS,
    arrived,
    bar,
    let_wait,
    on_device,
    write,
)
from tests.browser.steps import add_photo, open_campaign, send, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_written_without_a_network_waits_over_a_reload_and_is_stored_once(
    visit: type_of_visit, spots: Campaign
) -> None:
    page = visit("phone", service_workers="allow")
    judge = Judge(page)
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    page.watch.allow("Failed to fetch")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    assert page.evaluate(UNTIL_KEPT, f"/campaigns/{spots.slug}/")

    page.context.set_offline(True)
    page.reload()
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    expect(bar(page)).to_contain_text("No network: you see this page as it was on")
    write(page)
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    judge.judge("kept")
    page.reload()
    expect(bar(page)).to_contain_text("1 contribution waits on this device.")
    page.goto("/help/")
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    expect(bar(page)).to_contain_text("1 contribution waits on this device.")
    page.get_by_role("link", name="Spots of the city").click()
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    assert not Contribution.objects.exists()

    page.context.set_offline(False)
    arrived(page)
    assert Contribution.objects.get().text == WORDS
    posts = [one for one in sent if one.method == "POST" and one.url.endswith("/contributions/")]
    assert len(posts) > 1
    assert len({one.headers["sender"] for one in posts}) == 1
    assert on_device(page)["waiting"] == []
    assert not judge.found, "\n".join(judge.found)


def test_upload_that_is_cut_is_sent_exactly_once_with_its_photo(
    visit: type_of_visit, spots: Campaign
) -> None:
    page = visit("phone")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    write(page)
    add_photo(page)
    # The site stores both; that the photo has arrived nobody hears.
    page.route("**/photos/", lambda route: (route.fetch(), route.abort())[1])
    send(page)
    expect(page.get_by_role("heading", name="a photo waits on this device")).to_be_visible()
    assert Contribution.objects.count() == 1
    page.unroute("**/photos/")
    page.reload()
    arrived(page)
    assert Contribution.objects.count() == 1
    assert Photo.objects.count() == 1
    assert on_device(page)["waiting"] == []


def test_photo_that_must_wait_its_turn_waits_on_the_device(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("phone")
    page.watch.allow("status of 429")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    write(page)
    add_photo(page)
    busy = {"status": 429, "detail": "Please wait.", "code": "too_many_requests", "errors": []}
    page.route(
        "**/photos/",
        lambda route: route.fulfill(
            status=429,
            content_type="application/problem+json",
            body=json.dumps(busy),
            headers={"Retry-After": "1"},
        ),
    )
    send(page)
    expect(page.get_by_role("heading", name="a photo waits on this device")).to_be_visible()
    assert len(on_device(page)["waiting"]) == 1
    page.unroute("**/photos/")
    page.wait_for_timeout(1100)  # the second that the site asked for
    bar(page).get_by_role("button", name="Send now").click()
    arrived(page)
    assert Contribution.objects.count() == 1
    assert Photo.objects.count() == 1


def test_storage_that_is_blocked_is_no_protected_campaign(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("phone")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    page.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); };"
    )
    open_campaign(page, spots)
    write(page)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    expect(page.get_by_role("alert").get_by_text("The connection failed.")).to_be_visible()
    expect(page.locator("[data-offer]")).to_be_hidden()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    page.unroute("**/contributions/")
    send(page)
    thanked(page)
    assert Contribution.objects.get().text == WORDS


def test_two_tabs_send_what_waits_once(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("desktop")
    let_wait(page, spots)
    sent: list[str] = []
    other = page.context.new_page()
    other.route("**/*", lambda route: route.continue_())
    for one in (page, other):
        one.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    # The other tab begins by itself when it is opened; this one is asked to.
    other.goto(f"/campaigns/{spots.slug}/", wait_until="commit")
    button = bar(page).get_by_role("button", name="Send now")
    if button.is_visible():
        button.click()
    expect(button).to_be_hidden()
    expect(bar(other).get_by_role("button", name="Send now")).to_be_hidden()
    assert Contribution.objects.count() == 1
    assert len([url for url in sent if url.endswith("/contributions/")]) == 1
    assert on_device(page)["waiting"] == []


def test_what_is_sent_after_the_end_needs_the_person(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("phone", permissions=["clipboard-read", "clipboard-write"])
    judge = Judge(page)
    page.watch.allow("status of 4")  # type: ignore[attr-defined]
    let_wait(page, spots)
    now = timezone.now()
    Campaign.objects.filter(pk=spots.pk).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(hours=3)
    )
    bar(page).get_by_role("button", name="Send now").click()
    expect(bar(page)).to_contain_text("1 contribution needs you.")
    expect(bar(page).get_by_role("listitem")).to_contain_text("It was not accepted.")
    judge.judge("needs you")
    assert not judge.found, "\n".join(judge.found)
    expect(bar(page).get_by_role("button", name="Open and change")).to_be_hidden()
    bar(page).get_by_role("button", name="Copy what I wrote").click()
    expect(bar(page).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == WORDS
    page.on("dialog", lambda dialog: dialog.accept())
    bar(page).get_by_role("button", name="Discard").click()
    expect(bar(page)).to_be_hidden()
    assert on_device(page)["waiting"] == []
    assert not Contribution.objects.exists()


def refuse(route: Route) -> None:
    body = {"status": 400, "detail": "Please write more.", "code": "invalid", "errors": []}
    route.fulfill(status=400, content_type="application/problem+json", body=json.dumps(body))


def test_what_was_refused_is_mended_with_its_photo(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("desktop")
    for words in ("ERR_", "status of 400"):
        page.watch.allow(words)  # type: ignore[attr-defined]
    open_campaign(page, spots)
    write(page)
    add_photo(page)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.unroute("**/contributions/")
    page.route("**/contributions/", refuse)
    page.get_by_role("button", name="Send now").click()
    expect(bar(page)).to_contain_text("Please write more.")
    page.unroute("**/contributions/")
    page.get_by_role("button", name="Open and change").click()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    expect(page.get_by_role("img", name="bench.jpg")).to_be_visible()
    page.get_by_label(QUESTION).fill(f"{WORDS}, and more")
    send(page)
    thanked(page)
    assert Contribution.objects.get().text == f"{WORDS}, and more"
    assert Photo.objects.count() == 1
    assert on_device(page)["waiting"] == []


def test_protected_campaign_waits_only_where_wanted_and_leaves_nothing(
    visit: type_of_visit, spots: Campaign
) -> None:
    Campaign.objects.filter(pk=spots.pk).update(publication=Publication.CELLS)
    page = visit("phone", service_workers="allow")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    assert page.evaluate(UNTIL_KEPT, "")
    page.reload()
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    write(page)
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_role("alert").get_by_text("The connection failed.")).to_be_visible()
    assert on_device(page)["waiting"] == []
    page.get_by_role("button", name="Let it wait on this device").click()
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    expect(bar(page)).not_to_contain_text(WORDS)
    page.context.set_offline(False)
    arrived(page)
    assert Contribution.objects.get().text == WORDS
    left = on_device(page)
    assert left["waiting"] == left["drafts"] == []
    assert not [path for path in left["kept"] if re.search(rf"/campaigns/{spots.slug}/", path)]
