"""Tables of votes, one file a noun; QuerySets hold the reads."""

from voting.models.ballot import Ballot, BallotPile, Choice, CodeSeries, SetAside, VotingCode
from voting.models.result import StoredResult
from voting.models.vote import (
    Method,
    Option,
    OptionChange,
    OptionChangeKind,
    Rule,
    Shown,
    Vote,
)

__all__ = [
    "Ballot",
    "BallotPile",
    "Choice",
    "CodeSeries",
    "Method",
    "Option",
    "OptionChange",
    "OptionChangeKind",
    "Rule",
    "SetAside",
    "Shown",
    "StoredResult",
    "Vote",
    "VotingCode",
]
