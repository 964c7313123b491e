"""The addresses of this room."""

from django.urls import path

from engagement.planning.calendar import dates, editing, listing, registrations

_EVENT = "<slug:event>/"

urlpatterns = [
    path("", listing.events, name="events"),
    path("new/", editing.new, name="event-new"),
    path("campaigns/<slug:slug>/", listing.events_of_campaign, name="campaign-events"),
    path(_EVENT, editing.edit, name="event"),
    path(f"{_EVENT}publish/", editing.publish, name="event-publish"),
    path(f"{_EVENT}cancel/", editing.cancel, name="event-cancel"),
    path(f"{_EVENT}delete/", editing.delete, name="event-delete"),
    path(f"{_EVENT}dates/", dates.dates, name="event-dates"),
    path(f"{_EVENT}dates/<uuid:date>/", dates.date, name="event-date"),
    path(f"{_EVENT}registrations/", registrations.registrations, name="registrations"),
    path(f"{_EVENT}registrations.csv", registrations.registrations_csv, name="registrations-csv"),
    path(f"{_EVENT}registrations/remove/", registrations.remove, name="registration-remove"),
]
