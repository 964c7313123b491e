"""Every address of the site; each room of `mapping` brings its own."""

from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
]
