"""Where people live: a grid of inhabitants, from which rates are computed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.texts import PlainLine


class PopulationGrid(models.Model):
    """One count of inhabitants per square cell of EPSG:3035, e.g. of a census."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    title = PlainLine(_("title"), max_length=160)
    attribution = PlainLine(_("data source"), max_length=300, blank=True)
    size = models.PositiveIntegerField(_("edge of a cell in metres"))

    class Meta:
        verbose_name = _("population grid")
        verbose_name_plural = _("population grids")
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(size__gte=100, size__lte=100_000),
                name="population_size_in_range",
                violation_error_message=_("The cells of a grid must be from 100 m to 100 km wide."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class PopulationCell(models.Model):
    """Inhabitants of one cell; `cell` is `mapping.geo.grid.Cell.key` at the grid's size."""

    pk = models.CompositePrimaryKey("grid_id", "cell")
    grid = models.ForeignKey(PopulationGrid, on_delete=models.CASCADE, related_name="cells", db_index=False)
    cell = models.BigIntegerField()
    inhabitants = models.PositiveIntegerField()

    objects: ClassVar[models.Manager["PopulationCell"]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.inhabitants} in {self.cell}"
