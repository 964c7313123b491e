"""The addresses of this app below /api/v1/."""

from django.urls import path

from engagement.api.documents import DocumentsView, DocumentView
from engagement.api.events import EventsView, EventView
from engagement.api.plans import PlansView, PlanView

app_name = "records-api"

urlpatterns = [
    path("events/", EventsView.as_view(), name="events"),
    path("events/<slug:event>/", EventView.as_view(), name="event"),
    path("documents/", DocumentsView.as_view(), name="documents"),
    path("documents/<uuid:document>/", DocumentView.as_view(), name="document"),
    path("plans/", PlansView.as_view(), name="plans"),
    path("plans/<slug:plan>/", PlanView.as_view(), name="plan"),
]
