"""Where things stand on the site, as full canonical addresses: they name what catalogues describe (W3C DCAT 3, 6.2)."""

from __future__ import annotations

from django.urls import reverse

from mapping.exports.metadata.site import Site


def catalogue(site: Site) -> str:
    """The catalogue itself."""
    return site.url + reverse("catalogue:catalogue-address")


def dataset(site: Site, slug: str) -> str:
    """The data of one campaign; answered by its description."""
    return site.url + reverse("catalogue:dataset-address", args=(slug,))


def page(site: Site, slug: str) -> str:
    """The page of a campaign, for people."""
    return site.url + reverse("campaign", args=(slug,))


def home(site: Site) -> str:
    """The home page."""
    return site.url + reverse("home")


def imprint(site: Site) -> str:
    """Who is responsible, and how to reach them."""
    return site.url + reverse("imprint")


def download(site: Site, slug: str, ending: str) -> str:
    """The file of one format."""
    return site.url + reverse("api:download", args=(slug, ending))


def features_api(site: Site) -> str:
    """The landing page of OGC API Features."""
    return site.url + reverse("ogc:landing")


def features_api_description(site: Site) -> str:
    """The OpenAPI document of OGC API Features."""
    return site.url + reverse("ogc:api")


def items(site: Site, slug: str, kind: str) -> str:
    """The items of a campaign's collection; `kind` is contributions or cells."""
    return site.url + reverse("ogc:items", args=(f"{slug}-{kind}",))
