"""The planners' pages, all behind the login."""

from django.urls import URLPattern

app_name = "texts-planning"

urlpatterns: list[URLPattern] = []
