"""Answers are kept until something changes, for the public alone; whoever has one is told that it is still true."""

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from accounts.models import User
from mapping.http.kept import ResponseCache
from mapping.models import (
    Campaign,
    Change,
    CommentStatus,
    Contribution,
    ContributionStatus,
    District,
    DistrictLayer,
    Photo,
    Release,
    Reply,
    ReplyStatus,
    Source,
)
from mapping.services import access_links, bulk, feedback
from mapping.services.moderation import moderate
from mapping.services.releases.making import make_release
from tests import personas
from tests.api.conftest import with_token
from tests.ogc.asking import COLLECTION, ITEMS, body, get
from tests.personas import Citizen

TILE = f"{COLLECTION}/tiles/WebMercatorQuad/0/0/0"
AREA = "/ogc/collections/fear-spaces-area/items"
DISTRICTS = "/ogc/collections/fear-spaces-districts/items"
CELLS = "/ogc/collections/fear-spaces-cells/items"
RELEASED = "/ogc/collections/night-routes-cells/items"


def told(response: Any) -> tuple[bytes, dict[str, str]]:
    """Body and headers, without the id that every request has of its own."""
    return response.content, {name: value for name, value in response.items() if name != "X-Request-ID"}


def queries_of(url: str, **headers: Any) -> tuple[Any, list[str]]:
    """An answer and what it asked of the database."""
    with CaptureQueriesContext(connection) as asked:
        response = get(url, None, **headers)
    return response, [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize(
    "url", [ITEMS, f"{ITEMS}?limit=1&crs=http://www.opengis.net/def/crs/EPSG/0/25832", TILE, CELLS]
)
def test_second_answer_asks_for_no_contribution(published: Contribution, url: str) -> None:
    first, asked = queries_of(url)
    again, asked_again = queries_of(url)
    assert any("mapping_contribution" in sql or "mapping_tally" in sql for sql in asked)
    assert not any("mapping_contribution" in sql or "mapping_tally" in sql for sql in asked_again)
    assert len(asked_again) == 2
    assert told(again) == told(first)
    not_modified, asked_again = queries_of(url, **{"If-None-Match": first["ETag"]})
    assert (not_modified.status_code, not_modified.content, len(asked_again)) == (304, b"", 2)


def test_one_feature_is_kept_with_its_version(published: Contribution) -> None:
    first, _asked = queries_of(f"{ITEMS}/{published.pk}")
    again, asked = queries_of(f"{ITEMS}/{published.pk}")
    assert len(asked) == 2
    assert again["ETag"] == first["ETag"]
    assert "-" in first["ETag"]


def test_answers_of_addresses_hosts_and_codings_are_kept_apart(published: Contribution) -> None:
    Contribution.objects.update(text="dark " * 300)  # worth compressing
    for coding in ("gzip", "zstd", "identity"):
        response = get(ITEMS, None, **{"Accept-Encoding": coding})
        assert response.get("Content-Encoding", "identity") == coding
    assert body(ITEMS)["numberReturned"] == 1
    assert body(f"{ITEMS}?limit=1&text=nothing")["numberReturned"] == 0
    assert b"https://testserver/ogc" in Client().get(ITEMS, secure=True).content
    assert b"https://testserver/ogc" not in get(ITEMS).content


def _photo(of: Contribution) -> Photo:
    return Photo.objects.create(contribution=of, file="photos/a.jpg", width=1, height=1, digest=b"1")


def _reply(of: Contribution) -> Reply:
    return Reply.objects.create(contribution=of, status=ReplyStatus.PLANNED, text="Soon.")


def _emptied(table: str) -> None:
    with connection.cursor() as cursor:
        # Otherwise what this transaction has added itself would keep the table from being emptied.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")


CHANGES: dict[str, tuple[Callable[[Contribution], object], Callable[[Contribution], object]]] = {
    "another is published": (
        lambda one: one,
        lambda one: personas.make_contribution(one.campaign, text="Another."),
    ),
    "text": (lambda one: one, lambda one: Contribution.objects.update(text="Brighter now.")),
    "rejected": (
        lambda one: one,
        lambda one: Contribution.objects.update(status=ContributionStatus.REJECTED),
    ),
    "deleted": (lambda one: one, lambda one: Contribution.objects.all().delete()),
    "support": (lambda one: one, personas.make_support),
    "comment": (lambda one: one, personas.make_comment),
    "photo": (lambda one: one, _photo),
    "photo deleted": (_photo, lambda _one: Photo.objects.all().delete()),
    "all photos deleted": (_photo, lambda _one: _emptied("mapping_photo")),
    "all contributions deleted": (lambda one: one, lambda _one: _emptied("mapping_contribution")),
    "reply": (lambda one: one, _reply),
    "reply changed": (_reply, lambda _one: Reply.objects.update(text="Later.")),
    "reply deleted": (_reply, lambda _one: Reply.objects.all().delete()),
    "category": (
        lambda one: one,
        lambda one: one.campaign.categories.filter(slug="spot").update(slug="place"),
    ),
    "question": (
        lambda one: Contribution.objects.update(answers={"renamed": True}),
        lambda one: one.category.questions.create(slug="renamed", title="New?", kind="yes_no"),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_is_told_at_once(published: Contribution, what: str) -> None:
    before, change = CHANGES[what]
    before(published)
    old = get(ITEMS)
    assert get(ITEMS, None, **{"If-None-Match": old["ETag"]}).status_code == 304
    change(published)
    new = get(ITEMS, None, **{"If-None-Match": old["ETag"]})
    assert new.status_code == 200
    assert new.content != old.content


def test_cells_areas_and_districts_follow_too(published: Contribution) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    district = District.objects.create(layer=layer, code="01", name="Centre", geom=personas.area())
    Campaign.objects.update(district_layer=layer)
    old = {url: get(url) for url in (CELLS, AREA, DISTRICTS, TILE)}
    personas.make_contribution(published.campaign, (7.70, 49.40))
    Campaign.objects.update(title="Another title")
    district.name = "Middle"
    district.save()
    for url, response in old.items():
        assert get(url).content != response.content, url


def test_nothing_kept_survives_the_gate(published: Contribution, campaign: Campaign) -> None:
    assert get(ITEMS).status_code == get(TILE).status_code == 200
    Campaign.objects.update(publication="cells")
    assert get(ITEMS).status_code == get(TILE).status_code == 403
    Campaign.objects.update(is_draft=True)
    assert get(ITEMS).status_code == get(TILE).status_code == 404


def test_what_staff_read_is_neither_kept_nor_taken(published: Contribution, manager: User) -> None:
    personas.make_contribution(published.campaign, status=ContributionStatus.PENDING)
    link, secret = access_links.make(published.campaign, "QGIS", actor=manager)
    below = f"/ogc/key/{secret}{ITEMS.removeprefix('/ogc')}"
    script = with_token(manager)
    for _ in range(2):
        assert script.get(ITEMS).json()["numberMatched"] == 2
        assert get(below).json()["numberMatched"] == 2
        assert body(ITEMS)["numberMatched"] == 1
    access_links.revoke(link, actor=manager)
    assert get(below).status_code == 404


def test_nobody_learns_of_what_waits_for_review(
    published: Contribution, campaign: Campaign, moderator: User, citizen: Citizen
) -> None:
    feedback.set_support(personas.make_contribution(campaign), feedback.FOR, citizen.secret)
    comment = personas.make_comment(published, status=CommentStatus.PENDING)
    Change.objects.update(at=timezone.now() - timedelta(hours=1))
    old = get(ITEMS)
    waiting = personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    _photo(waiting)
    _reply(waiting)
    waiting.delete()
    moderate.reject_comment(comment, moderator)
    feedback.set_support(published, feedback.NEITHER, citizen.secret)
    row = bulk.NewContribution(
        *(uuid4(), published.category_id, None, None, "Imported.", {}),
        *(ContributionStatus.PENDING, Source.IMPORT, None, timezone.now()),
    )
    bulk.store_contributions(campaign, [row])
    new = get(ITEMS)
    assert new["Last-Modified"] == old["Last-Modified"]
    assert new["ETag"] == old["ETag"]


def test_last_modified_is_when_the_newest_change_was_made(published: Contribution) -> None:
    at = datetime(2026, 5, 1, 12, 0, 0, 500, tzinfo=UTC)
    Change.objects.update(at=at)
    for url in (ITEMS, f"{ITEMS}/{published.pk}", TILE, CELLS):
        response = get(url)
        assert response["Last-Modified"] == "Fri, 01 May 2026 12:00:00 GMT"
        assert get(url, None, **{"If-Modified-Since": response["Last-Modified"]}).status_code == 304
        before = http_date(at.timestamp() - 1)
        assert get(url, None, **{"If-Modified-Since": before}).status_code == 200
        # An entity tag says more than a date (RFC 9110 section 13.1.3).
        both = {"If-Modified-Since": response["Last-Modified"], "If-None-Match": '"another"'}
        assert get(url, None, **both).status_code == 200


def test_change_of_this_minute_has_no_date_yet(published: Contribution) -> None:
    response = get(ITEMS)
    assert "Last-Modified" not in response
    assert get(ITEMS, None, **{"If-Modified-Since": http_date()}).status_code == 200


def test_release_changes_when_it_is_made_and_not_before(cells_campaign: Campaign) -> None:
    for number in range(8):
        personas.make_contribution(cells_campaign, (7.77 + number / 10_000, 49.44))
    release = make_release(cells_campaign)
    assert release is not None
    type(release).objects.update(made_at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    old = get(RELEASED)
    assert old["Last-Modified"] == "Fri, 01 May 2026 12:00:00 GMT"
    for number in range(8):
        personas.make_contribution(cells_campaign, (7.78 + number / 10_000, 49.45))
    again = get(RELEASED)
    assert told(again) == told(old)
    assert make_release(cells_campaign) is not None
    new = get(RELEASED, None, **{"If-None-Match": old["ETag"]})
    assert new.status_code == 200
    assert new.content != old.content


def test_release_is_no_older_state_of_the_map_before_it(cells_campaign: Campaign) -> None:
    Campaign.objects.update(publication="points")
    for number in range(8):
        personas.make_contribution(cells_campaign, (7.77 + number / 10_000, 49.44))
    Change.objects.update(at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    seen = get(RELEASED)["Last-Modified"]
    Campaign.objects.update(publication="cells")
    assert make_release(cells_campaign) is not None
    Release.objects.update(made_at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert get(RELEASED, None, **{"If-Modified-Since": seen}).status_code == 200


def test_area_of_a_protected_campaign_tells_no_date(cells_campaign: Campaign) -> None:
    Change.objects.update(at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    response = get("/ogc/collections/night-routes-area/items")
    assert response.status_code == 200
    assert "Last-Modified" not in response


def test_revision_is_a_sum_that_stays_short(campaign: Campaign) -> None:
    before = Change.objects.revision_of(campaign.pk).number
    for _ in range(200):
        Change.objects.note(campaign.pk)
    assert Change.objects.revision_of(campaign.pk).number == before + 200
    assert Change.objects.filter(campaign_id=campaign.pk).count() <= 32
    campaign.delete()
    assert not Change.objects.filter(campaign_id=campaign.pk).exists()


def test_restored_backup_is_another_state(published: Contribution) -> None:
    """Its numbers come again, and what follows them is not what followed them before."""
    before = Change.objects.revision_of(published.campaign_id)
    assert before.changed_at
    Contribution.objects.update(text="Written after the backup.")
    lost = get(ITEMS)
    Change.objects.all().delete()
    Change.objects.create(campaign_id=published.campaign_id, number=before.number, at=before.changed_at)
    Contribution.objects.update(text="Written after restoring it.")
    assert get(ITEMS).content != lost.content


def test_memory_has_a_limit() -> None:
    kept = ResponseCache(80_000)
    made: list[int] = []

    def answer(key: int, size: int = 8_500) -> bytes:
        def make() -> HttpResponse:
            made.append(key)
            return HttpResponse(b"x" * size, headers={"ETag": f'"{key}"'})

        response = kept.answer((key,), make)
        assert response["ETag"] == f'"{key}"'
        return response.content

    for _ in range(2):
        assert answer(1) == b"x" * 8_500
        assert answer(2, size=20_000) == b"x" * 20_000
    assert made == [1, 2, 2]  # what takes more than its share is not kept
    for key in range(3, 20):
        answer(key)
    answer(1)
    assert made.count(1) == 2  # pushed out by those after it
    kept.forget()
    answer(1)
    assert made.count(1) == 3


@pytest.mark.parametrize("letters", [80, 2_000])
def test_memory_has_a_limit_of_empty_answers_with_long_addresses_too(letters: int) -> None:
    room = 2 * 1024 * 1024
    kept = ResponseCache(room)
    tracemalloc.start()
    try:
        for number in range(5_000):
            kept.answer((f"{number:0{letters}}",), lambda: HttpResponse(status=204))
        held, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.5 * room < held < 1.5 * room
