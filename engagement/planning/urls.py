"""The planners' pages, all behind the login."""

from django.urls import include, path

app_name = "records"

urlpatterns = [
    path("calendar/", include("engagement.planning.calendar.urls")),
    path("papers/", include("engagement.planning.papers.urls")),
    path("plans/", include("engagement.planning.plans.urls")),
    path("<slug:slug>/updates/", include("engagement.planning.updates.urls")),
]
