"""Base class of all views of the OGC API: two representations, links, entity tags."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.encoding import escape_uri_path
from django.utils.http import http_date
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from audit.recording import Action
from mapping.aggregation.releases.publication import public_revision
from mapping.http.access import user_of
from mapping.http.answers import entity_tag
from mapping.http.compression import chosen_coding
from mapping.http.kept import kept_answers
from mapping.http.links import LinkAuthentication
from mapping.http.views import ApiView, json_response
from mapping.models import AccessLink
from mapping.ogc.collections import AnyCollection, SiteCollection
from mapping.ogc.links import HTML, JSON, Addresses, Link, link
from mapping.services import access_links
from mapping.services.errors import Invalid, invalid
from mapping.services.record import record_access

FORMS: Final = ("json", "html")
_SETTLED: Final = timedelta(minutes=1)
"""Changes younger than this may not be the last within their second, or may be committed but not visible yet."""


class OgcView(ApiView):
    """A view with a representation for programs and a page for people.

    `f` selects one (`json`, `html`); without it the header Accept decides (OGC 17-069r4, section 7.12).

    Below `/ogc/key/<secret>/` the same views authenticate the holder of a private link, and all addresses in responses
    keep the secret.
    """

    schema = None  # described by its own document, not by that of /api/v1/
    media_type = JSON
    """Media type of the representation for programs."""

    version = ""
    """Version of the single item returned; it makes the entity tag usable as a precondition of a change (`writing`)."""
    key = ""
    """The secret of a private link; empty without one."""
    changed_at: datetime | None = None
    """Time of the last change of the public data read here, where known."""

    def dispatch(self, request: HttpRequest, *args: Any, key: str = "", **kwargs: Any) -> HttpResponseBase:
        """Remove the secret from the handlers' arguments."""
        self.key = key
        # Even a response that refuses the link must not be shared.
        self.is_public_data = not key
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if key:
            answer["Referrer-Policy"] = "no-referrer"
            answer["X-Robots-Tag"] = "noindex"
        return answer

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Authenticate by the private link alone where there is one."""
        return [LinkAuthentication(self.key)] if self.key else super().get_authenticators()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Log each use of a link: its id, owner and request; never the secret."""
        super().initial(request, *args, **kwargs)
        if isinstance(request.auth, AccessLink):
            link = request.auth
            match = request.resolver_match
            view = f"ogc {match.url_name}" if match else "ogc"
            record_access(
                *(link.user_id, link.campaign, view, Action.LINK_USED),
                of=kwargs.get("collection_id", "-"),
                link=link.pk,
            )
            access_links.note_use(link)

    @property
    def addresses(self) -> Addresses:
        """Addresses for this reader, with the private link's secret if any."""
        path = reverse("ogc-key:landing", args=(self.key,)) if self.key else reverse("ogc:landing")
        return Addresses(self.request.build_absolute_uri(path))

    def wants_page(self, request: Request) -> bool:
        """Whether the reader requested an HTML page; raises Invalid for an unknown `f`."""
        form = request.query_params.get("f")
        if form is None:
            plain = request._request  # noqa: SLF001 - DRF's way to the plain request
            return plain.get_preferred_type([self.media_type, JSON, HTML]) == HTML
        if form not in FORMS:
            raise invalid("f", "unknown_choice", choices=", ".join(FORMS))
        return form == "html"

    def self_links(self, request: Request) -> list[Link]:
        """Links to this response and to its other representation."""
        here = request.build_absolute_uri()
        other = request.query_params.copy()
        other["f"] = "json" if self.wants_page(request) else "html"
        there = request.build_absolute_uri(f"{escape_uri_path(request.path)}?{other.urlencode()}")
        program, page = (there, here) if self.wants_page(request) else (here, there)
        rels = ("alternate", "self") if self.wants_page(request) else ("self", "alternate")
        return [link(program, rels[0], self.media_type), link(page, rels[1], HTML)]

    def kept(
        self, request: Request, collection: AnyCollection, make: Callable[[], HttpResponse]
    ) -> HttpResponse:
        """A public JSON response of a collection, from the cache where possible.

        The collection was looked up for this request, so that data that are no longer public are not returned.
        """
        if isinstance(collection, SiteCollection):
            return make()
        campaign = collection.campaign
        is_public = not (user_of(request).is_authenticated or self.key)
        # Cells of a release depend on nothing else; the other collections of such a campaign have no public revision.
        if not is_public or not (campaign.publishes_points or collection.is_release):
            return make()
        revision = public_revision(campaign)
        key = (
            # The campaign was read before its revision, and may be older.
            *(campaign.pk, campaign.publishes_points, campaign.district_layer_id, revision),
            *(type(self), request.build_absolute_uri(), translation.get_language()),
            chosen_coding(request.headers.get("Accept-Encoding", "")),
        )
        self.changed_at = revision.changed_at
        return kept_answers.answer(key, lambda: self._tagged(make()))

    def _tagged(self, response: HttpResponse) -> HttpResponse:
        """Add an entity tag (RFC 9110 section 8.8.3)."""
        response["ETag"] = entity_tag(response, self.version)
        return response

    def answer(
        self, request: Request, body: dict[str, Any], template: str, **context: object
    ) -> HttpResponseBase:
        """Return the body as JSON, or as a page; in the template it is `body`."""
        if not self.wants_page(request):
            return json_response(request, body, content_type=self.media_type)
        return self.page(request, template, body=body, **context)

    def page(self, request: Request, template: str, **context: object) -> HttpResponse:
        """Render a page of `templates/ogc/`."""
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        # `{% url %}` must not resolve addresses below the private link; `{% ogc_address %}` keeps the link.
        plain.current_app = "ogc"
        return render(plain, f"ogc/{template}.html", {"addresses": self.addresses, **context})

    def handle_exception(self, exc: Exception) -> HttpResponseBase:  # type: ignore[override] # a page is one too
        """Return problem documents, or an error page for people."""
        problem = super().handle_exception(exc)
        if not self._reads_pages():
            return problem
        page = self.page(self.request, "problem", problem=problem.data, released=self._released(problem.data))
        page.status_code = problem.status_code
        for name in ("WWW-Authenticate", "Retry-After", "Cache-Control"):
            if name in problem:
                page[name] = problem[name]
        return page

    def _released(self, problem: dict[str, Any]) -> str:
        """The address of a protected campaign's cells if its contributions were requested; empty for other problems."""
        slug = self.kwargs.get("collection_id", "").rpartition("-")[0]
        if problem.get("code") != "publishes_cells" or not slug:
            return ""
        return self.addresses.collection(f"{slug}-cells", f="html")

    def _reads_pages(self) -> bool:
        try:
            return self.wants_page(self.request)
        except Invalid:
            return False

    def finalize_response(  # type: ignore[override] # the stubs know DRF's own Response only
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Set the validators of the response and answer 304 to conditional requests (RFC 9110 section 13)."""
        done = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(done, ["Accept"])
        if request.method not in ("GET", "HEAD") or done.status_code != 200 or done.streaming:
            return done
        if not isinstance(done, HttpResponse) or done["Content-Type"].startswith(HTML):
            return done
        if "ETag" not in done:
            self._tagged(done)
        changed_at = self._last_modified()
        if changed_at is not None:
            done["Last-Modified"] = http_date(changed_at.timestamp())
        plain = request._request  # noqa: SLF001 - DRF's way to the plain request
        # Exact match, as in nginx: the date of a release may be older than a client's copy of the map before it.
        is_same = plain.headers.get("If-Modified-Since") == done.get("Last-Modified", "")
        conditional = get_conditional_response(
            plain,
            etag=done["ETag"],
            last_modified=int(changed_at.timestamp()) if changed_at is not None and is_same else None,
            response=done,
        )
        return done if conditional is None else conditional

    def _last_modified(self) -> datetime | None:
        if self.changed_at is None or self.changed_at > timezone.now() - _SETTLED:
            return None
        return self.changed_at
