"""Bodies and documents of the city for those who edit them."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from engagement.models import Body, Document
from engagement.planning.access import editors_only
from mapping.planning.ways import sections_for

ON_A_PAGE: Final = 30


@require_safe
@editors_only
def overview(request: HttpRequest, editor: User) -> HttpResponse:
    """All bodies, and all documents, the last changed first."""
    bodies = Body.objects.annotate(session_count=Count("sessions")).order_by("name", "slug")
    documents = Document.objects.select_related("body", "session__event", "campaign").defer("campaign__area")
    page = Paginator(documents.order_by("-changed_at", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"sections": sections_for(editor, "papers"), "bodies": bodies, "page": page}
    return render(request, "engagement/papers/planning/overview.html", context)
