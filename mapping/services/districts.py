"""Named divisions of the city, replaced as a whole when a newer file comes."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from mapping.models import Campaign, District, DistrictLayer


@dataclass(frozen=True)
class NewDistrict:
    """One area of a layer; the code is unique within it."""

    code: str
    name: str
    geom: MultiPolygon


def import_districts(
    slug: str,
    districts: Iterable[NewDistrict],
    *,
    title: str = "",
    attribution: str = "",
    campaigns: Iterable[Campaign] = (),
) -> DistrictLayer:
    """Replace the districts of a layer (made when needed) and let campaigns use it, all at once or not at all.

    An empty title or attribution leaves a known layer's as it is.
    """
    with transaction.atomic():
        layer, _ = DistrictLayer.objects.get_or_create(slug=slug, defaults={"title": title or slug})
        layer.title = title or layer.title
        layer.attribution = attribution or layer.attribution
        layer.save()
        layer.districts.all().delete()
        District.objects.bulk_create(
            District(layer=layer, code=district.code, name=district.name, geom=district.geom)
            for district in districts
        )
        for campaign in campaigns:
            campaign.district_layer = layer
            campaign.save(update_fields=["district_layer"])
    return layer
