"""How `tests.walk` fills in the routes of votes."""

from collections.abc import Callable, Iterator, Mapping

from voting.models import Ballot, CodeSeries, Option, SetAside

Values = Mapping[str, object]
FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    ("<slug:slug>", "<slug:category>", "<uuid:pk>"): lambda _places: (
        {"slug": one.vote.campaign.slug, "category": one.vote.category.slug, "pk": one.contribution_id}
        for one in Option.objects.select_related("vote__category__campaign").order_by("vote", "pk")
    ),
    ("<slug:slug>", "<slug:category>", "<int:mark>"): lambda _places: (
        {"slug": one.vote.campaign.slug, "category": one.vote.category.slug, "mark": one.pk}
        for one in SetAside.objects.select_related("vote__category__campaign").order_by("pk")
    ),
    ("<slug:slug>", "<int:series>"): lambda _places: (
        {"slug": one.campaign.slug, "series": one.pk}
        for one in CodeSeries.objects.select_related("campaign").order_by("pk")
    ),
    ("<slug:slug>", "<int:ballot>"): lambda _places: (
        {"slug": one.vote.campaign.slug, "ballot": one.pk}
        for one in Ballot.objects.exclude(pile=None).select_related("vote__category__campaign").order_by("pk")
    ),
}
