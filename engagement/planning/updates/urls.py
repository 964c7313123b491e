"""The addresses of this room, below a campaign."""

from django.urls import path

from engagement.planning.updates import pages

urlpatterns = [
    path("", pages.updates, name="updates"),
    path("new/", pages.new, name="update-new"),
    path("<uuid:update>/", pages.edit, name="update"),
    path("<uuid:update>/pictures/", pages.pictures, name="update-pictures"),
    path("<uuid:update>/delete/", pages.delete, name="update-delete"),
]
