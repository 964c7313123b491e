"""The citizens' pages."""

from django.urls import include, path

from engagement.web import images

urlpatterns = [
    path("images/<uuid:image>.jpg", images.image, name="image"),
    path("", include("engagement.web.calendar.urls")),
    path("", include("engagement.web.papers.urls")),
    path("", include("engagement.web.plans.urls")),
    path("subscriptions/", include("engagement.web.subscriptions.urls")),
]
