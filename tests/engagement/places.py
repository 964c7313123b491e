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
    Image,
    Plan,
    Session,
)
from engagement.oparl.nouns import NOUNS

Values = Mapping[str, object]
FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    ("<slug:event>",): lambda _places: ({"event": one.slug} for one in Event.objects.order_by("slug")),
    ("<slug:body>",): lambda _places: ({"body": one.slug} for one in Body.objects.order_by("slug")),
    ("<slug:plan>",): lambda _places: ({"plan": one.slug} for one in Plan.objects.order_by("slug")),
    ("<uuid:image>",): lambda _places: (
        {"image": one.pk} for one in Image.objects.order_by("position", "pk")
    ),
    ("<uuid:document>",): lambda _places: (
        {"document": one.pk} for one in Document.objects.order_by("title", "pk")
    ),
    ("<slug:noun>",): lambda _places: ({"noun": noun} for noun in NOUNS),
    ("<uuid:record>",): lambda _places: ({"record": one.pk} for one in Body.objects.order_by("slug")),
    ("<slug:noun>", "<uuid:record>"): lambda _places: (
        {"noun": noun, "record": record} for noun, record in _records()
    ),
}


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
