"""The addresses of this room."""

from django.urls import path

from engagement.web.calendar import downloads, event, page, registration

urlpatterns = [
    path("calendar/", page.calendar_page, name="calendar"),
    path("calendar.ics", downloads.CalendarView.as_view(), name="calendar-ics"),
    path("campaigns/<slug:slug>/calendar.ics", downloads.CampaignView.as_view(), name="campaign-ics"),
    path("events/<slug:event>.ics", downloads.EventView.as_view(), name="event-ics"),
    path("events/<slug:event>/", event.event_page, name="event"),
    path("events/<slug:event>/register/", registration.register, name="event-register"),
    path("events/<slug:event>/registered/", registration.registered, name="event-registered"),
    path("registrations/<str:token>/", registration.registration, name="registration"),
]
