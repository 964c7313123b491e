"""Places known by name, for the search that asks no third party."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramWordSimilarity
from django.utils.translation import gettext_lazy as _

from mapping.models.texts import PlainLine


class AddressQuerySet(models.QuerySet["Address"]):
    """Addresses as the search asks for them."""

    def like(self, words: str) -> "AddressQuerySet":
        """Addresses whose name resembles the words (trigrams, PostgreSQL's pg_trgm), best first."""
        return (
            self.annotate(likeness=TrigramWordSimilarity(words, "name"))
            .filter(likeness__gte=0.4)
            .order_by("-likeness", "name", "pk")
        )


AddressManager = models.Manager.from_queryset(AddressQuerySet)


class Address(models.Model):
    """A street, an address or a well-known place with one position (EPSG:4326)."""

    name = PlainLine(_("name"), max_length=200)
    kind = PlainLine(_("kind"), max_length=40, blank=True)
    geom = models.PointField(_("position"), srid=4326)

    objects: ClassVar = AddressManager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ("name", "pk")
        indexes = (
            GinIndex(
                fields=("name",),
                name="address_name_trigrams",
                opclasses=("gin_trgm_ops",),
            ),
        )

    def __str__(self) -> str:
        return self.name
