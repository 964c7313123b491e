"""Results of votes: counted as long as people vote, read as they were stored once the vote has ended."""

from voting.services.results.counting import count
from voting.services.results.reading import result_of
from voting.services.results.shapes import (
    Change,
    DistrictShare,
    OptionResult,
    Order,
    Result,
    SetAsideCount,
    Spending,
    Step,
)

__all__ = [
    "Change",
    "DistrictShare",
    "OptionResult",
    "Order",
    "Result",
    "SetAsideCount",
    "Spending",
    "Step",
    "count",
    "result_of",
]
