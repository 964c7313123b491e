"""Grids of inhabitants, replaced as a whole when a newer census comes."""

from collections.abc import Mapping

from django.db import transaction

from mapping.models import PopulationCell, PopulationGrid

_BATCH = 5_000


def import_population(
    slug: str, cells: Mapping[int, int], *, size: int, title: str = "", attribution: str = ""
) -> PopulationGrid:
    """Replace the cells of a grid (made when needed), all at once or not at all.

    `cells` maps `mapping.geo.grid.Cell.key` at `size` metres to inhabitants. An empty title or attribution
    leaves a known grid's as it is.
    """
    with transaction.atomic():
        grid, _ = PopulationGrid.objects.get_or_create(
            slug=slug, defaults={"title": title or slug, "size": size}
        )
        grid.title = title or grid.title
        grid.attribution = attribution or grid.attribution
        grid.size = size
        grid.save()
        grid.cells.all().delete()
        PopulationCell.objects.bulk_create(
            (
                PopulationCell(grid=grid, cell=cell, inhabitants=inhabitants)
                for cell, inhabitants in cells.items()
            ),
            batch_size=_BATCH,
        )
    return grid
