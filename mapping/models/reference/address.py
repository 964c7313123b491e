"""Places known by name, for the search that asks no third party."""

from typing import Any, ClassVar, Final

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db.models import Case, Func, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Greatest, Length
from django.utils.translation import gettext_lazy as _

from mapping.models.texts import PlainLine

FOLD: Final = r"""
CREATE OR REPLACE FUNCTION mapping_place_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT regexp_replace(
        regexp_replace(
            regexp_replace(
                replace(replace(replace(replace(translate(
                    lower(words),
                    'äöüàáâãåāăąçćčèéêëēęěğìíîïīıłñńňòóôõøōőřśşšťùúûūůűýÿźżž',
                    'aouaaaaaaaaccceeeeeeegiiiiiilnnnooooooorssstuuuuuuyyzzz'
                ), 'ß', 'ss'), 'ae', 'a'), 'oe', 'o'), 'ue', 'u'),
                '[^[:alnum:]]+', '', 'g'
            ),
            'strass?e', 'str', 'g'
        ),
        'stra(s|ss)?$', 'str'
    )
$function$
"""
"""How names of places are compared: small letters and digits alone, without accents, umlauts in one spelling, and
`strasse`, `straße`, `str.` and their beginnings as `str`. It names no other function of ours, so that a restored dump
can compute the column before these exist."""
UNFOLD: Final = "DROP FUNCTION mapping_place_fold(text)"


class PlaceFold(Func):
    """A name as it is compared (`mapping_place_fold`)."""

    function = "mapping_place_fold"
    output_field = TextField()


def resembling(words: str, name: str) -> Q:
    """The condition that a folded name has all words as parts, or resembles them (trigrams, for typing errors)."""
    known = [word for word in words.split() if any(sign.isalnum() for sign in word)]
    if not known:
        return Q(pk__in=())
    parts = Q()
    for word in known:
        parts &= Q(**{f"{name}__contains": PlaceFold(Value(word))})
    # A part of a long name resembles its words, or a short one all of them: each misses errors that the other finds.
    folded = PlaceFold(Value(words))
    return parts | Q(**{f"{name}__trigram_word_similar": folded}) | Q(**{f"{name}__trigram_similar": folded})


def likened(rows: models.QuerySet[Any], words: str) -> models.QuerySet[Any]:
    """Rows whose name (`name`, folded as `folded`) has or resembles the words, with `nearness` and `likeness`.

    The same name comes first (0), then those that begin with it (1), have it (2), have all words or resemble them (3).
    """
    folded = PlaceFold(Value(words))
    nearness = Case(
        When(folded=folded, then=Value(0)),
        When(folded__startswith=folded, then=Value(1)),
        When(folded__contains=folded, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    # The stubs know texts only; Django takes expressions.
    in_part = TrigramWordSimilarity(folded, "folded")  # type: ignore[arg-type]
    as_whole = TrigramSimilarity("folded", folded)  # type: ignore[arg-type]
    likeness = Greatest(in_part, as_whole)
    found: models.QuerySet[Any] = rows.filter(resembling(words, "folded")).annotate(
        nearness=nearness, likeness=likeness
    )
    return found


BEST_FIRST: Final = ("nearness", "-likeness", Length("name"), "name")
"""The order of what is `likened`; where names may be equal, the primary key follows."""


class AddressQuerySet(models.QuerySet["Address"]):
    """Addresses as the search asks for them."""

    def like(self, words: str) -> models.QuerySet["Address"]:
        """Addresses whose name has or resembles the words, the best first (`likened`)."""
        return likened(self, words).order_by(*BEST_FIRST, "pk")


AddressManager = models.Manager.from_queryset(AddressQuerySet)


class Address(models.Model):
    """A street, an address or a well-known place with one position (EPSG:4326).

    `folded` is the name as it is compared, kept by the database.
    """

    name = PlainLine(_("name"), max_length=200)
    kind = PlainLine(_("kind"), max_length=40, blank=True)
    geom = models.PointField(_("position"), srid=4326)
    folded = models.GeneratedField(
        expression=PlaceFold("name"), output_field=models.TextField(), db_persist=True
    )

    objects: ClassVar = AddressManager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("name", "pk")
        indexes = (
            GinIndex(
                fields=("folded",),
                name="address_folded_trigrams",
                opclasses=("gin_trgm_ops",),
            ),
        )

    def __str__(self) -> str:
        return self.name
