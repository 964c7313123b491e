"""Voting codes: printed once, stored as keyed digests, typed by voters, replaced where they were lost.

A code has 10 random signs of 31 (49 bits) and a check sign. The database holds an HMAC of campaign and signs under the
site's SECRET_KEY: fast, since codes are random and a series has tens of thousands. A former key still reads its codes
while it stands in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from audit.recording import Action
from doors import guesses
from doors.levels import Full
from doors.networks import Network
from mapping.models import Campaign, District
from mapping.services.checking.content import checked_text
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Missing, TooMany, invalid
from mapping.services.record import record_access
from voting import rules
from voting.models import Ballot, CodeSeries, Vote, VotingCode

SIGNS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody confuses: without 0 and O, 1, I and L."""
MOST_CODES: Final = 200_000
"""Most codes of one series."""
LONGEST_NAME: Final = 80
DAYS_KEPT: Final = 30
"""Days after the end of a campaign for which its series and codes are kept."""
_RANDOM_SIGNS: Final = 10
_SALT: Final = "geoparticipation.voting-code"
_LONGEST_TYPED: Final = 60
_BATCH: Final = 5_000


@dataclass(frozen=True)
class PrintedCode:
    """A code as it is printed, known at this moment only."""

    number: int
    signs: str

    @property
    def text(self) -> str:
        """The signs in groups."""
        return "-".join((self.signs[:4], self.signs[4:8], self.signs[8:]))


@dataclass(frozen=True)
class MadeSeries:
    """A stored series with its codes."""

    series: CodeSeries
    codes: list[PrintedCode]


@dataclass(frozen=True)
class VoteUse:
    """How many codes of a series have a ballot in a vote."""

    title: str
    used: int
    unused: int


@dataclass(frozen=True)
class SeriesUse:
    """A series in numbers: codes that count, codes that were replaced, and their use in each open vote with codes."""

    series: CodeSeries
    printed: int
    replaced: int
    votes: list[VoteUse]


def check_sign(signs: str) -> str:
    """The check sign of a code: the sum of values times positions modulo 31.

    31 is prime, so that every single wrong sign and every exchange of two signs changes it (as ISBN-10, ISO 2108:1992,
    does with 11).
    """
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, 1)) % len(SIGNS)]


def signs_of(typed: str) -> str:
    """The eleven signs of what somebody typed: case, hyphens and spaces do not matter.

    Raises Invalid on "code": required, voting_code_malformed, voting_code_mistyped (the check sign does not fit).
    """
    signs = "".join(one for one in typed[:_LONGEST_TYPED].upper() if one.isalnum())
    if not signs:
        raise invalid("code", "required")
    if len(signs) != _RANDOM_SIGNS + 1 or any(sign not in SIGNS for sign in signs):
        raise invalid("code", "voting_code_malformed")
    if check_sign(signs[:_RANDOM_SIGNS]) != signs[_RANDOM_SIGNS]:
        raise invalid("code", "voting_code_mistyped")
    return signs


def read_code(campaign: Campaign, typed: str, network: Network, *, at: datetime | None = None) -> VotingCode:
    """The code of a campaign that somebody typed, with its series; `casting` locks it when a ballot is stored.

    Wrong codes are counted by network and campaign: call it outside of a transaction, which would take the count back.
    Typing errors that the check sign finds are free. Raises Invalid on "code" as `signs_of`, and voting_code_unknown,
    voting_code_void; TooMany.
    """
    at = at or timezone.now()
    signs = signs_of(typed)
    try:
        guess = guesses.begin_code(network, campaign.pk, at)
    except Full as full:
        raise TooMany(full.retry_after) from full
    found = (
        VotingCode.objects.select_related("series__district")
        .filter(digest__in=[_digest(campaign, signs, key) for key in _keys()], series__campaign=campaign)
        .first()
    )
    if found is None:
        raise invalid("code", "voting_code_unknown")
    guess.was_right()
    if found.voided_at is not None:
        raise invalid("code", "voting_code_void")
    return found


def make_series(
    campaign: Campaign, name: str, number: int, *, district: District | None = None, actor: User | None
) -> MadeSeries:
    """Store a series of new codes. Its codes are returned this once and can never be read again.

    `actor` is None for commands of operators. Raises NotAllowed "not_manager", Invalid on "name" (required, too_long,
    series_name_taken), "number" (voting_codes_out_of_range, params: max) and "district" (unknown_voting_district).
    """
    if actor is not None:
        require_role(rules.may_edit_votes, actor, campaign, "not_manager")
    cleaned = checked_text(name, max_length=LONGEST_NAME, name="name", multiline=False)
    if not cleaned:
        raise invalid("name", "required")
    if not 1 <= number <= MOST_CODES:
        raise invalid("number", "voting_codes_out_of_range", max=MOST_CODES)
    if district is not None and district.layer_id != campaign.district_layer_id:
        raise invalid("district", "unknown_voting_district")
    with transaction.atomic():
        try:
            with transaction.atomic():
                series = CodeSeries.objects.create(
                    campaign=campaign, name=cleaned, district=district, created_by=actor
                )
        except IntegrityError:
            raise invalid("name", "series_name_taken") from None
        codes = [PrintedCode(place, signs) for place, signs in enumerate(_new_signs(campaign, number), 1)]
        _store(series, codes)
        record_access(
            *(None if actor is None else actor.pk, campaign, "make-voting-codes", Action.CODES_MADE),
            number=number,
        )
    return MadeSeries(series, codes)


def replace_code(series: CodeSeries, number: int, *, actor: User) -> PrintedCode:
    """Make a lost code void together with ballots under it, and return a new one with the same number.

    Ballots of votes whose result is stored stay: they belong to nobody any more. Whether there was a ballot is not
    returned: it would reveal who voted. Raises NotAllowed "not_manager", Missing "no_such_voting_code".
    """
    campaign = series.campaign
    require_role(rules.may_edit_votes, actor, campaign, "not_manager")
    with transaction.atomic():
        lost = (
            VotingCode.objects.select_for_update(no_key=True)
            .filter(series=series, number=number, voided_at=None)
            .first()
        )
        if lost is None:
            raise Missing("no_such_voting_code", number=number)
        lost.voided_at = timezone.now()
        lost.save(update_fields=["voided_at"])
        Ballot.objects.filter(code=lost).delete()
        code = PrintedCode(number, _new_signs(campaign, 1)[0])
        _store(series, [code])
        record_access(
            *(actor.pk, campaign, "replace-voting-code", Action.CODE_REPLACED),
            series=series.pk,
            number=number,
        )
    return code


def delete_series(series: CodeSeries, *, actor: User) -> None:
    """Delete a series that nobody has voted with, for example one whose file was lost before it was printed.

    Raises NotAllowed "not_manager", Conflict "voting_codes_used".
    """
    require_role(rules.may_edit_votes, actor, series.campaign, "not_manager")
    with transaction.atomic():
        # Whoever votes with a code locks it, too.
        codes = VotingCode.objects.select_for_update().filter(series=series).order_by("pk")
        if Ballot.objects.filter(code__in=list(codes.values_list("pk", flat=True))).exists():
            raise Conflict("voting_codes_used")
        series.delete()
        record_access(actor.pk, series.campaign, "delete-voting-codes", Action.CODES_DELETED)


def use_of_series(campaign: Campaign) -> list[SeriesUse]:
    """The series of a campaign in numbers, never which code was used."""
    stored = CodeSeries.objects.filter(campaign=campaign).select_related("district", "created_by")
    counted = stored.annotate(
        printed=Count("codes", filter=Q(codes__voided_at=None)),
        replaced=Count("codes", filter=~Q(codes__voided_at=None)),
    )
    open_votes = Vote.objects.of(campaign).filter(needs_code=True, stored_result=None)
    titles = dict(open_votes.values_list("pk", "category__title"))
    cast = Ballot.objects.filter(vote__in=titles).exclude(code=None).order_by()
    numbers = cast.values_list("code__series", "vote").annotate(number=Count("pk"))
    used = {(series, vote): number for series, vote, number in numbers}
    return [
        SeriesUse(
            one,
            one.printed,
            one.replaced,
            [
                VoteUse(title, number := used.get((one.pk, vote), 0), one.printed - number)
                for vote, title in titles.items()
            ],
        )
        for one in counted.order_by("created_at", "pk")
    ]


def next_name(campaign: Campaign) -> str:
    """A name for the next series: the lowest number that none has."""
    taken = set(CodeSeries.objects.filter(campaign=campaign).values_list("name", flat=True))
    numbers = (_("Series %(number)s") % {"number": number} for number in range(1, len(taken) + 2))
    return next(name for name in numbers if name not in taken)


def forget_codes(at: datetime | None = None) -> int:
    """Delete the series of campaigns that ended long ago, once no ballot belongs to a code; return how many.

    Results cut ballots off their codes when they are stored, so that no ballot goes with a code here.
    """
    oldest = (at or timezone.now()) - timedelta(days=DAYS_KEPT)
    ended = CodeSeries.objects.filter(campaign__closes_at__lt=oldest)
    in_use = Ballot.objects.exclude(code=None).order_by().values("code__series")
    found = list(ended.exclude(pk__in=in_use).values_list("pk", flat=True))
    CodeSeries.objects.filter(pk__in=found).delete()
    return len(found)


def _store(series: CodeSeries, codes: Iterable[PrintedCode]) -> None:
    key = settings.SECRET_KEY
    VotingCode.objects.bulk_create(
        (
            VotingCode(series=series, number=code.number, digest=_digest(series.campaign, code.signs, key))
            for code in codes
        ),
        batch_size=_BATCH,
    )


def _new_signs(campaign: Campaign, number: int) -> list[str]:
    """Distinct random codes that are not stored yet."""
    made: dict[bytes, str] = {}
    while len(made) < number:
        drawn = ["".join(secrets.choice(SIGNS) for _ in range(_RANDOM_SIGNS)) for _ in range(_BATCH)]
        batch = {
            _digest(campaign, signs + check_sign(signs), settings.SECRET_KEY): signs + check_sign(signs)
            for signs in drawn[: number - len(made)]
        }
        taken = VotingCode.objects.filter(digest__in=list(batch)).values_list("digest", flat=True)
        for digest in taken:
            del batch[bytes(digest)]
        made |= batch
    return list(made.values())


def _digest(campaign: Campaign, signs: str, key: str) -> bytes:
    return salted_hmac(_SALT, f"{campaign.pk}:{signs}", secret=key, algorithm="sha256").digest()


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
