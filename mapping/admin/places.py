"""Districts and addresses."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin
from mapping.admin.widgets import MapFieldsMixin
from mapping.models import Address, District, DistrictLayer


@admin.register(DistrictLayer)
class DistrictLayerAdmin(ModelAdmin[DistrictLayer]):
    """Divisions of the city; districts are imported (`bin/manage import_districts`) or drawn one by one."""

    list_display = ("title", "slug", "districts_number", "attribution")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[DistrictLayer]:
        """With the number of districts."""
        return super().get_queryset(request).annotate(number=Count("districts"))

    @admin.display(description=_("districts"))
    def districts_number(self, layer: DistrictLayer) -> int:
        """How many districts a layer has."""
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
        """Lists need no areas, which are large."""
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
