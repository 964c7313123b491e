"""The planners' pages, all behind the login."""

from django.urls import URLPattern

app_name = "voting-planning"

urlpatterns: list[URLPattern] = []
