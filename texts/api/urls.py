"""The addresses of this app below /api/v1/."""

from django.urls import URLPattern

app_name = "texts-api"

urlpatterns: list[URLPattern] = []
