"""What is on the ballot of a vote: its options with their text, place, picture, district, cost and changes."""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery

from mapping.models import Contribution, District, Photo
from voting.models import Ballot, Option, OptionChange, Vote
from voting.services.checking import is_standing


@dataclass(frozen=True, slots=True)
class PaperOption:
    """An option as people see it; `district` is the first one by code that its place touches."""

    option: Option
    contribution: Contribution
    photo: Photo | None
    district: District | None
    changes: Sequence[OptionChange]

    @property
    def id(self) -> UUID:
        """The id in ballots: that of the contribution."""
        return self.contribution.pk

    @property
    def is_standing(self) -> bool:
        """Whether it can be chosen."""
        return is_standing(self.option)


def paper_of(vote: Vote) -> list[PaperOption]:
    """All public options of a vote in the city's order, withdrawn and merged ones too. Five queries at most."""
    campaign = vote.campaign
    met = District.objects.filter(
        layer=campaign.district_layer_id, geom__intersects=OuterRef("contribution__geom")
    )
    public = vote.options.all().shown_in(vote.campaign)
    options = (
        public.select_related("contribution__category", "merged_into__contribution")
        .prefetch_related(
            "contribution__photos", Prefetch("changes", OptionChange.objects.order_by("changed_at", "pk"))
        )
        .order_by("contribution__position", "pk")
    )
    if campaign.district_layer_id is None:
        return [_paper_option(one, None) for one in options]
    first = Subquery(met.order_by("code").values("pk")[:1])
    district_of: dict[int, int | None] = dict(public.order_by().values_list("pk", first))
    districts = District.objects.defer("geom").in_bulk(set(filter(None, district_of.values())))
    return [_paper_option(one, districts.get(district_of.get(one.pk) or 0)) for one in options]


def shuffled(options: Iterable[PaperOption], seed: bytes) -> list[PaperOption]:
    """The options in an order that depends on the seed alone: no option is favoured, and none changes its place.

    Sorted by a keyed hash, so that the others keep their order where an option is added or withdrawn.
    """
    return sorted(options, key=lambda one: hmac.digest(seed, one.id.bytes, hashlib.sha256))


def changes_for(
    ballot: Ballot | None, options: Iterable[PaperOption]
) -> list[tuple[PaperOption, OptionChange]]:
    """What changed about the options on a ballot since it was cast, in the order of the options."""
    if ballot is None or ballot.changed_at is None:
        return []
    chosen = set(ballot.choices.values_list("option_id", flat=True))
    since: datetime = ballot.changed_at
    return [
        (one, change)
        for one in options
        if one.option.pk in chosen
        for change in one.changes
        if change.changed_at > since
    ]


def _paper_option(option: Option, district: District | None) -> PaperOption:
    contribution = option.contribution
    photo = next(iter(contribution.photos.all()), None)
    return PaperOption(option, contribution, photo, district, list(option.changes.all()))
