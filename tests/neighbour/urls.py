"""The site's addresses and the app's own."""

from django.urls import include, path

from geoparticipation.urls import handler400, handler403, handler404, handler500
from geoparticipation.urls import urlpatterns as of_the_site
from tests.neighbour import views

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

_OWN = [
    path("campaigns/<slug:slug>/meetings/", views.meetings, name="meetings"),
    path("planning/<slug:slug>/meetings/", views.plan_meetings, name="plan-meetings"),
    path("planning/meetings/", views.all_meetings, name="all-meetings"),
]
# First: nothing of the site may take the address of planners' meetings for a campaign's.
urlpatterns = [path("", include((_OWN, "neighbour"))), *of_the_site]
