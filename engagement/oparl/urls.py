"""The addresses below /oparl/v1.1/."""

from django.urls import path, re_path

from engagement.oparl.views import ListView, MeetingsView, NowhereView, ObjectView, SystemView

app_name = "oparl"

urlpatterns = [
    path("", SystemView.as_view(), name="system"),
    path("<slug:noun>/", ListView.as_view(), name="list"),
    path("organization/<uuid:record>/meeting/", MeetingsView.as_view(), name="meetings-of"),
    path("<slug:noun>/<uuid:record>/", ObjectView.as_view(), name="object"),
    # Last: what programs cannot find is answered in their words.
    re_path(r"^[\s\S]*$", NowhereView.as_view(), name="nowhere"),
]
