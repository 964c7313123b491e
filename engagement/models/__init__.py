"""Tables of dates and papers, one file a noun; QuerySets hold the reads."""

from engagement.models.body import AgendaItem, Body, BodyMember, Session
from engagement.models.common import Topic
from engagement.models.document import (
    Document,
    DocumentKind,
    DocumentPage,
    DocumentVersion,
    Extraction,
    RemovedRecord,
)
from engagement.models.event import (
    Event,
    EventDate,
    EventKind,
    EventStatus,
    Known,
    Registration,
    RegistrationState,
)
from engagement.models.plan import (
    Expected,
    Plan,
    PlanChange,
    PlanDecision,
    PlanProposal,
    ProposalState,
    Stage,
)
from engagement.models.update import Image, Update

__all__ = [
    "AgendaItem",
    "Body",
    "BodyMember",
    "Document",
    "DocumentKind",
    "DocumentPage",
    "DocumentVersion",
    "Event",
    "EventDate",
    "EventKind",
    "EventStatus",
    "Expected",
    "Extraction",
    "Image",
    "Known",
    "Plan",
    "PlanChange",
    "PlanDecision",
    "PlanProposal",
    "ProposalState",
    "Registration",
    "RegistrationState",
    "RemovedRecord",
    "Session",
    "Stage",
    "Topic",
    "Update",
]
