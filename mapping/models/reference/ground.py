"""The city's own ground: what is drawn under everything else, imported from files (`bin/manage import_ground`)."""

from dataclasses import dataclass
from typing import ClassVar, Final

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db import connections
from django.db.models import BooleanField, F, Q, Value
from django.db.models.lookups import In
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.geo import ground
from mapping.models.checks import UNKNOWN_VALUE, GeometryType, IsWellFormed, Repeating
from mapping.models.texts import PlainLine

THE_GROUND: Final = -1
"""Stands in place of a campaign among the changes (`models.change`)."""

_STATE: Final = """
    SELECT array_agg(attribution ORDER BY id), (
        SELECT to_hex(coalesce(sum(number), 0)::bigint) || '-'
            || to_hex(coalesce((extract(epoch FROM max(at)) * 1000000)::bigint, 0))
        FROM mapping_change WHERE campaign_id = %s
    ) FROM mapping_groundsource
"""


@dataclass(frozen=True, slots=True)
class GroundState:
    """Which ground is drawn: `version` is another one after every change, `attribution` names the sources."""

    version: str
    attribution: str


class GroundSourceQuerySet(models.QuerySet["GroundSource"]):
    """What the ground is made of."""

    def state(self) -> GroundState | None:
        """The state that this transaction sees, in one query; None without any ground."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_STATE, [THE_GROUND])
            attributions, version = cursor.fetchone()
        if attributions is None:
            return None
        return GroundState(version, " · ".join(dict.fromkeys(one for one in attributions if one)))


GroundSourceManager = models.Manager.from_queryset(GroundSourceQuerySet)


class GroundSource(models.Model):
    """One imported file. A file of the same name takes its place."""

    name = PlainLine(_("file"), max_length=200, unique=True)
    attribution = PlainLine(_("data source"), max_length=300, blank=True)
    imported_at = models.DateTimeField(_("imported"), default=timezone.now, editable=False)

    objects: ClassVar = GroundSourceManager()

    class Meta:
        verbose_name = _("file of the ground")
        verbose_name_plural = _("files of the ground")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class OnMap(Repeating):
    """True where a geometry is finite and lies on the square map of the world (EPSG:3857)."""

    arity = 1
    output_field = BooleanField()
    template = (
        "("
        + " AND ".join(
            f"ST_{side}(%(expressions)s) {sign}{ground.HALF_WORLD!r}"
            for side, sign in (("XMin", ">= -"), ("XMax", "<= "), ("YMin", ">= -"), ("YMax", "<= "))
        )
        + ")"
    )


def _shaped(*types: str) -> Q:
    return Q(In(GeometryType(F("geom")), [Value(name) for name in types]))


_CLASS_OF_LAYER: Final = (
    Q(layer=ground.AREA, kind__in=ground.CLASSES[ground.AREA])
    | Q(layer=ground.LINE, kind__in=ground.CLASSES[ground.LINE])
    | Q(layer=ground.LABEL, kind__in=ground.CLASSES[ground.LABEL])
)


class GroundFeature(models.Model):
    """One area, line or label of the ground (EPSG:3857), drawn from `from_zoom` on (`mapping.geo.ground`)."""

    source = models.ForeignKey(
        GroundSource, on_delete=models.CASCADE, related_name="features", verbose_name=_("file of the ground")
    )
    layer = models.CharField(_("layer"), max_length=5)
    kind = models.CharField(_("kind"), max_length=12)
    name = PlainLine(_("name"), max_length=ground.LONGEST_NAME, blank=True)
    from_zoom = models.PositiveSmallIntegerField(_("smallest zoom"))
    rank = models.PositiveSmallIntegerField(_("rank of a label"), null=True, blank=True)
    is_tunnel = models.BooleanField(_("in a tunnel"), default=False)
    geom = models.GeometryField(_("place"), srid=ground.SRID)

    class Meta:
        verbose_name = _("feature of the ground")
        verbose_name_plural = _("features of the ground")
        default_permissions = ()
        indexes = (
            models.Index(fields=("from_zoom",), name="ground_from_zoom"),
            # For the street nearest to a point.
            GistIndex(
                fields=("geom",),
                name="ground_named_streets",
                condition=Q(layer=ground.LINE, kind__in=ground.STREETS) & ~Q(name=""),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=_CLASS_OF_LAYER, name="ground_class_of_layer", violation_error_message=UNKNOWN_VALUE
            ),
            models.CheckConstraint(
                condition=Q(from_zoom__lte=ground.LAST_ZOOM),
                name="ground_zoom_in_range",
                violation_error_message=_("Tiles of the ground have zoom levels from 0 to 15."),
            ),
            models.CheckConstraint(
                condition=Q(layer=ground.LABEL, rank__isnull=False, rank__gte=1, rank__lte=ground.LEAST_RANK)
                | (~Q(layer=ground.LABEL) & Q(rank=None)),
                name="ground_rank_of_labels",
                violation_error_message=_(
                    "Labels of the ground have a rank from 1 to 9, nothing else has one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(layer=ground.LABEL, name=""),
                name="ground_label_has_name",
                violation_error_message=_("A label of the ground needs a name."),
            ),
            models.CheckConstraint(
                condition=Q(is_tunnel=False) | Q(layer=ground.LINE),
                name="ground_tunnel_is_line",
                violation_error_message=_("Only lines of the ground run through tunnels."),
            ),
            models.CheckConstraint(
                condition=OnMap(F("geom")),
                name="ground_on_map",
                violation_error_message=_("This place lies beyond the edge of the map."),
            ),
            models.CheckConstraint(
                condition=IsWellFormed(F("geom")),
                name="ground_well_formed",
                violation_error_message=_(
                    "The shape is empty or broken: its border must not cross or touch itself. Please draw it again."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(layer=ground.AREA) & _shaped("POLYGON", "MULTIPOLYGON"))
                | (Q(layer=ground.LINE) & _shaped("LINESTRING"))
                | (Q(layer=ground.LABEL) & _shaped("POINT")),
                name="ground_shape_of_layer",
                violation_error_message=_("This kind of shape cannot be stored here."),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.kind
