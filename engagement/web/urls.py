"""The citizens' pages."""

from django.urls import include, path

urlpatterns = [
    path("", include("engagement.web.calendar.urls")),
    path("", include("engagement.web.papers.urls")),
    path("", include("engagement.web.plans.urls")),
    path("subscriptions/", include("engagement.web.subscriptions.urls")),
]
