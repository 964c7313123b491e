"""How `tests.walk` fills in the routes of dates and papers."""

from collections.abc import Callable, Iterator, Mapping

from django.db.models import Model

from engagement.models import (
    AgendaItem,
    Body,
    BodyMember,
    Document,
    DocumentVersion,
    Event,
    EventDate,
    Image,
    Plan,
    PlanProposal,
    Session,
    Update,
)
from engagement.oparl.nouns import NOUNS
from tests.engagement.subscriptions.places import FILLED as FILLED_BY_SUBSCRIPTIONS

Values = Mapping[str, object]
FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    **FILLED_BY_SUBSCRIPTIONS,
    ("<slug:event>",): lambda _places: ({"event": one.slug} for one in Event.objects.order_by("slug")),
    ("<slug:body>",): lambda _places: ({"body": one.slug} for one in Body.objects.order_by("slug")),
    ("<slug:plan>",): lambda _places: ({"plan": one.slug} for one in Plan.objects.order_by("slug")),
    ("<slug:event>", "<uuid:date>"): lambda _places: (
        {"event": one.event.slug, "date": one.pk}
        for one in EventDate.objects.select_related("event").order_by("event__slug", "starts_at")
    ),
    ("<uuid:proposal>",): lambda _places: (
        {"proposal": one.pk} for one in PlanProposal.objects.order_by("text", "pk")
    ),
    ("<slug:slug>", "<uuid:update>"): lambda _places: (
        {"slug": one.campaign.slug, "update": one.pk}
        for one in Update.objects.select_related("campaign").order_by("title", "pk")
    ),
    ("<uuid:image>",): lambda _places: (
        {"image": one.pk} for one in Image.objects.order_by("position", "pk")
    ),
    ("<uuid:document>",): lambda _places: (
        {"document": one.pk} for one in Document.objects.order_by("title", "pk")
    ),
    ("<slug:body>", "<uuid:member>"): lambda _places: (
        {"body": one.body.slug, "member": one.pk}
        for one in BodyMember.objects.select_related("body").order_by("name", "pk")
    ),
    ("<slug:body>", "<uuid:session>"): lambda _places: (
        {"body": one.body.slug, "session": one.pk}
        for one in Session.objects.select_related("body").order_by("body__slug", "number", "pk")
    ),
    ("<slug:body>", "<uuid:session>", "<uuid:item>"): lambda _places: (
        {"body": one.session.body.slug, "session": one.session_id, "item": one.pk}
        for one in AgendaItem.objects.select_related("session__body").order_by("title", "pk")
    ),
    ("<uuid:document>", "<int:version>"): lambda _places: (
        {"document": one.document_id, "version": one.number} for one in _versions()
    ),
    ("<uuid:document>", "<uuid:version>"): lambda _places: (
        {"document": one.document_id, "version": one.pk} for one in _versions()
    ),
    ("<slug:noun>",): lambda _places: ({"noun": noun} for noun in NOUNS),
    ("<uuid:record>",): lambda _places: ({"record": one.pk} for one in Body.objects.order_by("slug")),
    ("<slug:noun>", "<uuid:record>"): lambda _places: (
        {"noun": noun, "record": record} for noun, record in _records()
    ),
}


def _versions() -> Iterator[DocumentVersion]:
    yield from DocumentVersion.objects.order_by("document__title", "number")


def _records() -> Iterator[tuple[str, object]]:
    """Every row, public or not, as every object that it could be."""
    nouns: Mapping[str, type[Model]] = {
        "organization": Body,
        "person": BodyMember,
        "membership": BodyMember,
        "meeting": Session,
        "agendaitem": AgendaItem,
        "paper": Document,
        "consultation": Document,
        "file": Document,
        "location": Event,
    }
    for noun, model in nouns.items():
        yield from ((noun, pk) for pk in model._default_manager.order_by("pk").values_list("pk", flat=True))
    yield from (("file", one.pk) for one in DocumentVersion.objects.order_by("pk"))
    yield from (("location", one.pk) for one in Plan.objects.order_by("pk"))
