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
from engagement.models.letter import (
    Happening,
    HappeningKind,
    Letter,
    LetterAbout,
    LetterKind,
    LetterState,
    Notice,
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
from engagement.models.subscription import (
    Consent,
    ConsentRecord,
    Rhythm,
    SubjectKind,
    Subscriber,
    Subscription,
)
from engagement.models.update import Image, Update

__all__ = [
    "AgendaItem",
    "Body",
    "BodyMember",
    "Consent",
    "ConsentRecord",
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
    "Happening",
    "HappeningKind",
    "Image",
    "Known",
    "Letter",
    "LetterAbout",
    "LetterKind",
    "LetterState",
    "Notice",
    "Plan",
    "PlanChange",
    "PlanDecision",
    "PlanProposal",
    "ProposalState",
    "Registration",
    "RegistrationState",
    "RemovedRecord",
    "Rhythm",
    "Session",
    "Stage",
    "SubjectKind",
    "Subscriber",
    "Subscription",
    "Topic",
    "Update",
]
