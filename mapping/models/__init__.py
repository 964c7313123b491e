"""PLACES: what people place, and everything around it. Reads are QuerySet methods; writes are in `services`."""

from mapping.models.access_link import AccessLink, LinkHolder
from mapping.models.campaign import (
    Campaign,
    CampaignStatus,
    Category,
    Moderation,
    Publication,
    ReleaseRhythm,
    SmallestZoom,
)
from mapping.models.change import Change, Revision
from mapping.models.contribution import Contribution, ContributionStatus, Photo, Source
from mapping.models.export_job import ExportJob, ExportStatus
from mapping.models.feedback import Comment, CommentStatus, CommentSupport, Reply, ReplyStatus, Support
from mapping.models.footprint import Centre, Footprint, Tally
from mapping.models.moderation.flag import Flag, FlagOutcome, FlagReason
from mapping.models.moderation.record import Assignment, InternalNote, ModerationEvent, ReplyTemplate
from mapping.models.participant import MapSheet, PairwiseKey, PaperBatch, Participant
from mapping.models.question import Audience, Question, RemovedQuestion, ResultsShown
from mapping.models.reference.address import Address
from mapping.models.reference.district import District, DistrictLayer
from mapping.models.reference.ground import GroundFeature, GroundSource, GroundState
from mapping.models.reference.population import PopulationCell, PopulationGrid
from mapping.models.release import Release, ReleaseAttempt, ReleaseCell, ReleaseEntry, ReleaseRegion
from mapping.models.restoring.erasure import Erasure
from mapping.models.restoring.hold import ReleaseHold
from mapping.models.search.text import SearchStem, SearchText, SearchWord
from mapping.models.setup.city import City, CityLogo
from mapping.models.setup.history import CampaignChange, CityChange
from mapping.models.setup.openness import OpenTo
from mapping.models.setup.phase import Action, Phase
from mapping.models.setup.picture import Picture
from mapping.models.setup.retention import (
    RetentionRecord,
    RetentionSpan,
    RetentionSubject,
    Wording,
    WordingKind,
)
from mapping.models.setup.translation import TextOf, Translation
from mapping.models.survey.comparison import ComparedAbout, Comparison, ReferenceUnit
from mapping.models.survey.counts import SurveyRelease, SurveyTally
from mapping.models.survey.response import Response
from mapping.models.survey.tag import TaggedText, TextTag
from mapping.models.withdrawal import Withdrawal
from mapping.questions.names import QuestionKind

__all__ = [
    "AccessLink",
    "Action",
    "Address",
    "Assignment",
    "Audience",
    "Campaign",
    "CampaignChange",
    "CampaignStatus",
    "Category",
    "Centre",
    "Change",
    "City",
    "CityChange",
    "CityLogo",
    "Comment",
    "CommentStatus",
    "CommentSupport",
    "ComparedAbout",
    "Comparison",
    "Contribution",
    "ContributionStatus",
    "District",
    "DistrictLayer",
    "Erasure",
    "ExportJob",
    "ExportStatus",
    "Flag",
    "FlagOutcome",
    "FlagReason",
    "Footprint",
    "GroundFeature",
    "GroundSource",
    "GroundState",
    "InternalNote",
    "LinkHolder",
    "MapSheet",
    "Moderation",
    "ModerationEvent",
    "OpenTo",
    "PairwiseKey",
    "PaperBatch",
    "Participant",
    "Phase",
    "Photo",
    "Picture",
    "PopulationCell",
    "PopulationGrid",
    "Publication",
    "Question",
    "QuestionKind",
    "ReferenceUnit",
    "Release",
    "ReleaseAttempt",
    "ReleaseCell",
    "ReleaseEntry",
    "ReleaseHold",
    "ReleaseRegion",
    "ReleaseRhythm",
    "RemovedQuestion",
    "Reply",
    "ReplyStatus",
    "ReplyTemplate",
    "Response",
    "ResultsShown",
    "RetentionRecord",
    "RetentionSpan",
    "RetentionSubject",
    "Revision",
    "SearchStem",
    "SearchText",
    "SearchWord",
    "SmallestZoom",
    "Source",
    "Support",
    "SurveyRelease",
    "SurveyTally",
    "TaggedText",
    "Tally",
    "TextOf",
    "TextTag",
    "Translation",
    "Withdrawal",
    "Wording",
    "WordingKind",
]
