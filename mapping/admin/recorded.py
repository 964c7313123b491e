"""What the administration shows of people's contributions: to members of the campaign only, and recorded.

Django's right to view is not enough: the administration must not be a way around roles and the record of looks.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from accounts.generics import ModelAdmin
from accounts.models import User
from mapping.geo.unseen import undisguised
from mapping.models import Campaign
from mapping.models.campaign import CampaignQuerySet
from mapping.services.record import record_look

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class RecordedMixin(_Base):
    """Rows of the campaigns on which one works; each look at those of a protected one is recorded.

    Lists are recorded for each protected campaign that has a row in what was searched for, on this page of the list
    or not: the number of rows tells of them all. Whatever shows one row (its page, its history) gets it from
    `get_object`.
    """

    campaign_paths: ClassVar[tuple[str, ...]] = ("campaign",)
    """Ways from a row to its campaign; the first that is not empty counts."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of campaigns in which one has a role; superusers have every role."""
        theirs = CampaignQuerySet(Campaign).for_member(acting(request))
        of_theirs = Q()
        for path in self.campaign_paths:
            of_theirs |= Q(**{f"{path}__in": theirs})
        return super().get_queryset(request).filter(of_theirs)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row, recorded."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            self._record(request, super().get_queryset(request).filter(pk=found.pk), "admin")
        return found

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """The list, recorded; actions and the pages that ask before they act begin with it too."""
        found = super().get_changelist_instance(request)
        self._record(request, found.queryset, "admin list")
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """What other pages look up, recorded; the list records itself, with its filters."""
        found = super().get_search_results(request, queryset, undisguised(search_term))
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            self._record(request, found[0], "admin search")
        return found

    def _record(self, request: HttpRequest, rows: QuerySet[Any], view: str) -> None:
        has_rows = Q()
        for path in self.campaign_paths:
            has_rows |= Q(Exists(rows.filter(**{path: OuterRef("pk")})))
        for campaign in CampaignQuerySet(Campaign).protected().filter(has_rows):
            record_look(acting(request), campaign, f"{view} {self.opts.model_name}")


def acting(request: HttpRequest) -> User:
    """Who uses the administration: always a user."""
    if not isinstance(request.user, User):
        raise TypeError("The administration is for users.")
    return request.user
