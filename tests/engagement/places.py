"""How `tests.walk` fills in the routes of dates and papers."""

from collections.abc import Callable, Iterator, Mapping

from engagement.models import Body, Document, Event, Plan

Values = Mapping[str, object]
FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    ("<slug:event>",): lambda _places: ({"event": one.slug} for one in Event.objects.order_by("slug")),
    ("<slug:body>",): lambda _places: ({"body": one.slug} for one in Body.objects.order_by("slug")),
    ("<slug:plan>",): lambda _places: ({"plan": one.slug} for one in Plan.objects.order_by("slug")),
    ("<uuid:document>",): lambda _places: (
        {"document": one.pk} for one in Document.objects.order_by("title", "pk")
    ),
}
