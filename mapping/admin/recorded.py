"""Access of the administration to people's contributions: for members of the campaign only, and recorded.

Django's permission to view is not enough: the administration must not bypass roles, access log and audit log. Its pages
show what the public never sees (every status, answers for staff), so that each is recorded, whatever campaigns publish.
"""

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.generics import ModelAdmin
from accounts.models import User
from mapping.geo.unseen import undisguised
from mapping.models import Campaign
from mapping.services.record import record_reading
from mapping.services.setup.changes import noting

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class RecordedMixin(_Base):
    """Rows of the user's campaigns; access to them is recorded.

    Lists are recorded for each campaign with a row in the search result, on this page of the list or not: the
    number of rows reveals them all. All views of one row (its page, its history) get it from `get_object`.
    """

    campaign_paths: ClassVar[tuple[str, ...]] = ("campaign",)
    """Lookups from a row to its campaign; the first that is not empty counts."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of campaigns in which the user has a role; superusers have every role."""
        theirs = Campaign.objects.for_member(acting(request))
        of_theirs = Q()
        for path in self.campaign_paths:
            of_theirs |= Q(**{f"{path}__in": theirs})
        return super().get_queryset(request).filter(of_theirs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row, with access logged."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._record(request, super().get_queryset(request).filter(pk=found.pk), "admin")
        return found

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, with access logged; actions and confirmation pages begin with it too."""
        found = super().get_changelist_instance(request)
        self._record(request, found.queryset, "admin list")
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search results of other pages, with access logged; the list logs itself, with its filters."""
        found = super().get_search_results(request, queryset, undisguised(search_term))
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            self._record(request, found[0], "admin search")
        return found

    def _record(self, request: HttpRequest, rows: QuerySet[Any], view: str) -> None:
        has_rows = Q()
        for path in self.campaign_paths:
            has_rows |= Q(Exists(rows.filter(**{path: OuterRef("pk")})))
        for campaign in Campaign.objects.filter(has_rows):
            record_reading(acting(request), campaign, f"{view} {self.opts.model_name}")


class NotedMixin(_Base):
    """Changes of a campaign stand in its history, as those of its planners do."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store, and note what became another value."""
        with noting(obj, acting(request)) if change else nullcontext():
            super().save_model(request, obj, form, change)


def acting(request: HttpRequest) -> User:
    """The acting user of the administration."""
    if not isinstance(request.user, User):
        raise TypeError("The administration is for users.")
    return request.user
