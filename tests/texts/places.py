"""How `tests.walk` fills in the routes of texts."""

from collections.abc import Callable, Iterator, Mapping

from texts.models import Section, Suggestion, Text

Values = Mapping[str, object]


def _texts() -> Iterator[Text]:
    yield from Text.objects.select_related("category__campaign").order_by(
        "category__campaign__slug", "category__slug"
    )


def _of(text: Text) -> dict[str, object]:
    return {"slug": text.campaign.slug, "category": text.category.slug}


def _sections() -> Iterator[Values]:
    """Every section, public or not, in the order in which they were first worded."""
    for text in _texts():
        for section in Section.objects.filter(text=text).order_by("wordings__heading", "pk").distinct():
            yield {**_of(text), "section": section.pk}


FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    ("<slug:slug>", "<slug:category>", "<uuid:section>"): lambda _places: _sections(),
    ("<slug:slug>", "<uuid:suggestion>"): lambda _places: (
        {"slug": one.wording.section.text.campaign.slug, "suggestion": one.comment.public_id}
        for one in Suggestion.objects.select_related(
            "comment", "wording__section__text__category__campaign"
        ).order_by("wording__section__text__category__campaign__slug", "comment__text", "pk")
    ),
    ("<slug:slug>", "<slug:category>", "<int:before>", "<int:after>"): lambda _places: (
        {**_of(text), "before": before, "after": after}
        for text in _texts()
        for before, after in ((1, 2), (2, 3))
    ),
    ("<slug:slug>", "<slug:category>", "<str:ending>"): lambda _places: (
        {**_of(text), "ending": ending} for text in _texts() for ending in ("docx", "pdf")
    ),
}
