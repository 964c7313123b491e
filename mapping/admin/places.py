"""Districts, addresses, population grids and the city's own ground."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin
from mapping.admin.widgets import MapFieldsMixin
from mapping.models import Address, District, DistrictLayer, GroundSource, PopulationGrid


@admin.register(DistrictLayer)
class DistrictLayerAdmin(ModelAdmin[DistrictLayer]):
    """District layers; districts are imported (`bin/manage import_districts`) or drawn one by one."""

    list_display = ("title", "slug", "districts_number", "attribution")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[DistrictLayer]:
        """With the number of districts."""
        return super().get_queryset(request).annotate(number=Count("districts"))

    @admin.display(description=_("districts"))
    def districts_number(self, layer: DistrictLayer) -> int:
        """The number of districts of a layer."""
        return int(layer.number)  # type: ignore[attr-defined]  # annotated in get_queryset


@admin.register(District)
class DistrictAdmin(MapFieldsMixin, ModelAdmin[District]):
    """Single districts with their area."""

    list_display = ("name", "code", "layer")
    list_filter = ("layer",)
    list_select_related = ("layer",)
    search_fields = ("name", "code")
    autocomplete_fields = ("layer",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[District]:
        """Without areas, which are large and not needed in lists."""
        found = super().get_queryset(request)
        is_list = request.resolver_match is not None and "object_id" not in request.resolver_match.kwargs
        return found.defer("geom") if is_list else found


@admin.register(Address)
class AddressAdmin(MapFieldsMixin, ModelAdmin[Address]):
    """Places known by name, for the address search."""

    list_display = ("name", "kind")
    list_filter = ("kind",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("name",)


@admin.register(PopulationGrid)
class PopulationGridAdmin(ModelAdmin[PopulationGrid]):
    """Population grids, created and filled by `bin/manage import_population` only."""

    list_display = ("title", "slug", "size", "cells_number", "inhabitants", "attribution")
    search_fields = ("title", "slug")
    fields = ("slug", "title", "attribution", "size", "cells_number", "inhabitants")
    readonly_fields = ("slug", "size", "cells_number", "inhabitants")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PopulationGrid]:
        """With the number of cells and of inhabitants."""
        return super().get_queryset(request).annotate(number=Count("cells"), people=Sum("cells__inhabitants"))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the interface
        """Not allowed: a grid without cells would be useless."""
        return False

    def get_deleted_objects(
        self,
        objs: Iterable[PopulationGrid],
        request: HttpRequest,  # noqa: ARG002 - the interface
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List the grids only: a page must not list millions of cells."""
        grids = [str(grid) for grid in objs]
        return grids, {str(_("population grids")): len(grids)}, set(), []

    @admin.display(description=_("cells"))
    def cells_number(self, grid: PopulationGrid) -> int:
        """The number of cells of a grid."""
        return int(grid.number)  # type: ignore[attr-defined]  # annotated in get_queryset

    @admin.display(description=_("inhabitants"))
    def inhabitants(self, grid: PopulationGrid) -> int:
        """The number of inhabitants of a grid."""
        return int(grid.people or 0)  # type: ignore[attr-defined]  # annotated in get_queryset


@admin.register(GroundSource)
class GroundSourceAdmin(ModelAdmin[GroundSource]):
    """Files of the ground, imported by `bin/manage import_ground` only."""

    list_display = ("name", "features_number", "attribution", "imported_at")
    search_fields = ("name", "attribution")
    fields = ("name", "attribution", "imported_at", "features_number")
    readonly_fields = ("name", "imported_at", "features_number")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GroundSource]:
        """With the number of features."""
        return super().get_queryset(request).annotate(number=Count("features"))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the interface
        """Not allowed: a file without features would be useless."""
        return False

    def get_deleted_objects(
        self,
        objs: Iterable[GroundSource],
        request: HttpRequest,  # noqa: ARG002 - the interface
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """List the files only: a page must not list a hundred thousand streets."""
        files = [str(source) for source in objs]
        return files, {str(_("files of the ground")): len(files)}, set(), []

    @admin.display(description=_("features of the ground"))
    def features_number(self, source: GroundSource) -> int:
        """The number of areas, lines and labels of a file."""
        return int(source.number)  # type: ignore[attr-defined]  # annotated in get_queryset
