"""Named areas that a city is divided into; any polygon layer can be one."""

from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.checks import geometry_is_sound
from mapping.models.texts import PlainLine


class DistrictLayer(models.Model):
    """One division of the city, e.g. postcode areas or wards."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = PlainLine(_("title"), max_length=160)
    attribution = PlainLine(_("data source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("district layer")
        verbose_name_plural = _("district layers")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.title


class District(models.Model):
    """One area of a layer (EPSG:4326)."""

    layer = models.ForeignKey(
        DistrictLayer, on_delete=models.CASCADE, related_name="districts", verbose_name=_("district layer")
    )
    code = PlainLine(_("code"), max_length=40)
    name = PlainLine(_("name"), max_length=160)
    geom = models.MultiPolygonField(_("area"), srid=4326)

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ("layer", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("layer", "code"),
                name="district_code_once_per_layer",
                violation_error_message=_("This layer has a district with this code already."),
            ),
            *geometry_is_sound("geom", "district_geom", ("MULTIPOLYGON",)),
        )

    def __str__(self) -> str:
        return self.name
