"""The link between people and what they gave: keys of browsers and sign-ins, numbers of sheets, ids in files.

A person stays as a number within the campaign, so that people, support and areas of protected campaigns are counted
as before; nobody can find them by a cookie, a file or a sheet of paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import BinaryField, Func, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Contribution, MapSheet, PairwiseKey, Participant, RetentionSubject
from mapping.services.retained.parts import Part
from mapping.services.retained.texts import given

CUT_BYTES: Final = 16
"""Length of a random key that stands in place of a browser's (32 bytes): it belongs to no secret."""


class RandomKey(Func):
    """A key of `CUT_BYTES` bytes."""

    template = "uuid_send(gen_random_uuid())"
    output_field: Any = BinaryField()


def _people(campaign: Campaign) -> QuerySet[Participant]:
    kept = Participant.objects.filter(campaign=campaign)
    return kept.alias(key_bytes=Length("key")).exclude(key_bytes=CUT_BYTES)


def _cut(_campaign: Campaign, keys: Sequence[Any]) -> None:
    found = Participant.objects.filter(pk__in=keys)
    found.update(key=RandomKey())


def _sheets(campaign: Campaign) -> QuerySet[MapSheet]:
    return MapSheet.objects.filter(batch__campaign=campaign)


def _delete_sheets(_campaign: Campaign, keys: Sequence[Any]) -> None:
    MapSheet.objects.filter(pk__in=keys).delete()


def _named(campaign: Campaign) -> QuerySet[Contribution]:
    return given(campaign).filter(external_id__isnull=False)


def _forget_names(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Contribution.objects.filter(pk__in=keys).update(external_id=None)


def _sign_in_keys(campaign: Campaign) -> QuerySet[PairwiseKey]:
    return PairwiseKey.objects.filter(campaign=campaign).exclude(key=b"")


def _empty_sign_in_keys(_campaign: Campaign, keys: Sequence[Any]) -> None:
    """The row stays, so that nobody signs in as a new person and counts twice."""
    PairwiseKey.objects.filter(pk__in=keys).update(key=b"", mark=b"")


_SUBJECT: Final = RetentionSubject.PEOPLE.value
OWN: Final = (
    Part("people", _SUBJECT, _("People whom a browser still finds"), _people, _cut),
    Part("sign-in-keys", _SUBJECT, _("Keys of sign-ins"), _sign_in_keys, _empty_sign_in_keys),
    Part("sheets", _SUBJECT, _("Numbers of map sheets"), _sheets, _delete_sheets),
    Part("external-ids", _SUBJECT, _("Numbers in imported files"), _named, _forget_names),
)
