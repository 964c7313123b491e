"""Template tags for addresses and labels in the pages of the OGC API."""

from django import template
from django.template import Context

from mapping.ogc.crs import Crs
from mapping.ogc.description.words import KINDS_OF_VALUES, crs_in_words
from mapping.ogc.links import Addresses

register = template.Library()


@register.simple_tag(takes_context=True)
def ogc_address(context: Context, *parts: object, f: str = "html") -> str:
    """An address of the API that keeps the reader's private link, unlike `{% url %}`.

    `f=""` for resources with one representation only.
    """
    addresses = context["addresses"]
    assert isinstance(addresses, Addresses)  # noqa: S101 - every page of the API has them
    return addresses.of(*(str(part) for part in parts), **({"f": f} if f else {}))


@register.filter
def kind_of_value(kind: str) -> str:
    """The type of an attribute's values in words."""
    return str(KINDS_OF_VALUES.get(kind, kind))


@register.filter
def crs_name(crs: Crs) -> str:
    """A coordinate reference system in words."""
    return crs_in_words(crs)
