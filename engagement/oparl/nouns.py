"""The kinds of objects by their names in addresses: where their rows come from, and how they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, QuerySet

from engagement.models import RemovedRecord
from engagement.oparl import city, files, objects, rows
from engagement.oparl.values import VERSION, Json, id_of, moment
from engagement.services.removed import LOCATION


@dataclass(frozen=True)
class Origin:
    """Rows that become objects of a noun; `alone` writes one at its own address where that says more."""

    rows: Callable[[], QuerySet[Any]]
    written: Callable[[Any], Json]
    alone: Callable[[Any], Json] | None = None


@dataclass(frozen=True)
class Noun:
    """A kind of objects. `single` is the city's, `removed` names the models of deleted rows (`RemovedRecord.kind`).

    Some deleted documents had a file or a consultation under their id and others had none: an object that is called
    deleted and never was does no harm.
    """

    name: str
    type: str
    origins: tuple[Origin, ...] = ()
    single: Callable[[], Json] | None = None
    removed: tuple[str, ...] = ()

    def gone(self) -> QuerySet[Any]:
        """What was public and is deleted or hidden; not what is public again."""
        found = RemovedRecord.objects.filter(kind__in=self.removed)
        for origin in self.origins:
            found = found.exclude(pk__in=origin.rows().values("pk"))
        return found.annotate(created=F("created_at"), modified=F("removed_at"))

    def deleted(self, row: Any) -> Json:
        """A deleted object keeps `id`, `type` and `created` (1.1, "Gelöschte Objekte")."""
        return {
            "id": id_of(self.name, row.pk),
            "type": VERSION + self.type,
            "created": moment(row.created),
            "modified": moment(row.modified),
            "deleted": True,
        }


_DOCUMENT: Final = "document"
NOUNS: Final = {
    noun.name: noun
    for noun in (
        Noun("body", "Body", single=city.body),
        Noun("legislativeterm", "LegislativeTerm", single=city.term),
        Noun(
            "organization",
            "Organization",
            (Origin(rows.organizations, objects.organization),),
            removed=("body",),
        ),
        Noun("person", "Person", (Origin(rows.members, objects.person),), removed=("bodymember",)),
        Noun(
            "membership", "Membership", (Origin(rows.members, objects.membership),), removed=("bodymember",)
        ),
        Noun("meeting", "Meeting", (Origin(rows.meetings, objects.meeting),), removed=("session",)),
        Noun(
            "agendaitem",
            "AgendaItem",
            (Origin(rows.agenda_items, objects.agenda_item),),
            removed=("agendaitem",),
        ),
        Noun("paper", "Paper", (Origin(rows.papers, objects.paper),), removed=(_DOCUMENT,)),
        Noun(
            "consultation",
            "Consultation",
            (Origin(rows.consultations, objects.consultation),),
            removed=(_DOCUMENT,),
        ),
        Noun(
            "file",
            "File",
            (
                Origin(rows.versions, files.version_listed, files.version_alone),
                Origin(rows.written_here, files.page_listed, files.page_alone),
            ),
            removed=("documentversion", _DOCUMENT),
        ),
        Noun(
            "location",
            "Location",
            (
                Origin(rows.places_of_meetings, objects.place_of_meeting),
                Origin(rows.places_of_plans, objects.place_of_plan),
            ),
            single=city.place,
            removed=(LOCATION,),
        ),
    )
}
