"""All addresses of the site; each package of `mapping` defines its own."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path
from django.views.generic import RedirectView

from doors import resets
from doors import views as doors
from doors.factors import pages as factors
from doors.providers import pages as providers
from doors.sessions import pages as sessions
from doors.signin import again, passkey
from doors.signin.second import second_factor
from doors.signin.views import LogInView, log_in
from geoparticipation import health, theme, tiles, views
from geoparticipation.administration import AdminLogInForm
from geoparticipation.barriers import views as barriers
from geoparticipation.offline import icons
from geoparticipation.offline import views as offline
from geoparticipation.serving import words
from geoparticipation.watching import page as operation
from geoparticipation.watching import views as watching
from geoparticipation.wellknown.security_txt import security_txt

administration_log_in = doors.logging_in(
    LogInView.as_view(
        authentication_form=AdminLogInForm, next_page="admin:index", redirect_authenticated_user=False
    )
)

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("engagement.web.urls")),
    path("", include("voting.web.urls")),
    path("", include("texts.web.urls")),
    path("", include("mapping.web.urls")),
    path("planning/operation/", operation.operation, name="operation"),
    path("planning/", include("engagement.planning.urls")),
    path("planning/", include("voting.planning.urls")),
    path("planning/", include("texts.planning.urls")),
    path("planning/", include("mapping.planning.urls")),
    path("api/v1/", include("engagement.api.urls")),
    path("api/v1/", include("voting.api.urls")),
    path("api/v1/", include("texts.api.urls")),
    path("api/v1/", include("mapping.api.urls")),
    # The OGC API for holders of a private link; first, because nothing else below /ogc/ may match the address.
    path("ogc/key/<str:key>", RedirectView.as_view(pattern_name="ogc-key:landing")),
    path("ogc/key/<str:key>/", include("mapping.ogc.urls", namespace="ogc-key")),
    path("ogc/", include("mapping.ogc.urls")),
    path("oparl/v1.1/", include("engagement.oparl.urls")),
    path("", include("mapping.catalogue.urls")),
    # The administration's own addresses, with the rate limits of `doors`.
    path("admin/login/", administration_log_in),
    path(
        "admin/password_change/", doors.changing_password(admin.site.admin_view(admin.site.password_change))
    ),
    path("admin/", admin.site.urls),
    path("accounts/login/", log_in, name="login"),
    # Names by which django-allauth's steps of a log-in find their pages.
    path("accounts/login/", log_in, name="account_login"),
    path("accounts/second-factor/", second_factor, name="mfa_authenticate"),
    path("accounts/passkey/", passkey.passkey, name="passkey-login"),
    path("accounts/again/", again.again, name="again"),
    path("accounts/factors/", factors.factors, name="factors"),
    path("accounts/factors/app/", factors.app, name="factor-app"),
    path("accounts/factors/passkey/", factors.passkey, name="factor-passkey"),
    path("accounts/factors/codes/", factors.recovery_codes, name="factor-codes"),
    path("accounts/factors/<int:pk>/remove/", factors.remove, name="factor-remove"),
    path("accounts/sessions/<int:pk>/end/", sessions.end_one, name="session-end"),
    path("accounts/sessions/end/", sessions.end_all_others, name="sessions-end"),
    path("accounts/at/<slug:key>/", providers.start, name="provider"),
    path("accounts/at/<slug:key>/back/", providers.back, name="provider-back"),
    path("accounts/at/<slug:key>/metadata.xml", providers.metadata, name="provider-metadata"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/reset/", resets.ask, name="reset"),
    path("accounts/reset/asked/", resets.asked, name="reset-asked"),
    path("accounts/reset/<str:account>/<str:secret>/", resets.choose, name="reset-choose"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/versions/", views.privacy_versions, name="privacy-versions"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("accessibility/report/", barriers.report, name="barrier"),
    path("accessibility/report/sent/", barriers.sent, name="barrier-sent"),
    path("imprint/", views.imprint, name="imprint"),
    path("language/", views.choose_language, name="set-language"),
    path("jsi18n/", words.words, name="javascript-catalog"),
    path("theme.css", theme.theme, name="theme"),
    path("sw.js", offline.worker, name="service-worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline/", offline.offline_page, name="offline"),
    *(
        path(f"icon-{size}.png", offline.icon, {"size": size}, name=f"icon-{size}")
        for size in (*icons.SIZES, icons.TOUCH_SIZE)
    ),
    path("tiles/<str:name>/<int:z>/<int:y>/<int:x>.png", tiles.tile, name="tile"),
    path(".well-known/security.txt", security_txt, name="security-txt"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", watching.metrics, name="metrics"),
]

handler400 = views.bad_request
handler403 = views.not_allowed
handler404 = views.not_found
handler500 = views.failed
