"""What most projects would write: a plain DRF-gis viewset with InBBoxFilter on the same table.

Also the settings and addresses of a server that has both, ours and this one, behind the same middleware:
`DJANGO_SETTINGS_MODULE=benchmarks.gis.peer_settings`.
"""

from typing import Any

from django.urls import include, path
from rest_framework.permissions import AllowAny
from rest_framework.serializers import SlugRelatedField
from rest_framework.viewsets import ReadOnlyModelViewSet
from rest_framework_gis.filters import InBBoxFilter
from rest_framework_gis.pagination import GeoJsonPagination
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from mapping.models import Category, Contribution


class PlainSerializer(GeoFeatureModelSerializer):  # type: ignore[misc]  # the library has no types
    """The properties that our features have, but for photos and replies (which would cost it two more queries)."""

    category: Any = SlugRelatedField("slug", queryset=Category.objects.all())

    class Meta:
        model = Contribution
        geo_field = "geom"
        fields = (
            *("id", "category", "text", "answers", "created_at", "status", "source"),
            *("support_count", "opposition_count", "comment_count"),
        )


class PlainPagination(GeoJsonPagination):  # type: ignore[misc]  # the library has no types
    page_size = 1000


class PlainViewSet(ReadOnlyModelViewSet[Contribution]):
    serializer_class = PlainSerializer
    pagination_class = PlainPagination
    permission_classes = (AllowAny,)
    authentication_classes = ()
    bbox_filter_field = "geom"
    bbox_filter_include_overlapping = True
    filter_backends = (InBBoxFilter,)

    def get_queryset(self) -> Any:
        published = Contribution.objects.published().filter(campaign__slug=self.kwargs["slug"])
        return published.select_related("category").order_by("-created_at", "-id")


urlpatterns = [
    path("plain/<slug:slug>/", PlainViewSet.as_view({"get": "list"})),
    path("", include("geoparticipation.urls")),
]
