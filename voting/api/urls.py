"""The addresses of this app below /api/v1/."""

from django.urls import URLPattern

app_name = "voting-api"

urlpatterns: list[URLPattern] = []
