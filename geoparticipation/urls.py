"""Every address of the site; each room of `mapping` brings its own."""

import importlib.util

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

urlpatterns = [
    path("jsi18n/", JavaScriptCatalog.as_view(packages=["mapping"]), name="javascript-catalog"),
    path("accounts/login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
]
# TEMPORARY while the rooms are being built side by side: replaced by plain includes at integration
for module, prefix in (
    ("mapping.web.urls", ""),
    ("mapping.planning.urls", "planning/"),
    ("mapping.api.urls", "api/v1/"),
):
    if importlib.util.find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
if importlib.util.find_spec("geoparticipation.views"):
    from geoparticipation import health, theme, tiles, views

    urlpatterns += [
        path("", views.home, name="home"),
        path("language/", views.choose_language, name="set-language"),
        path("theme.css", theme.theme, name="theme"),
        path("privacy/", views.privacy, name="privacy"),
        path("accessibility/", views.accessibility, name="accessibility"),
        path("imprint/", views.imprint, name="imprint"),
        path("tiles/<str:name>/<int:z>/<int:y>/<int:x>.png", tiles.tile, name="tile"),
        path("healthz", health.healthz, name="healthz"),
        path("readyz", health.readyz, name="readyz"),
    ]
