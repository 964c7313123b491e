"""Results as stored text and back: the same content is always the same text, of which the digest is the SHA-256.

The text is public: its keys of options count from 1, and its moments are to the second.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from voting.models import Method, StoredResult
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

VERSION: Final = 1
"""Of the content; a later version must still read this one."""
_OF_THE_ROW: Final = ("is_final", "digest")
"""What the stored row knows and its content does not hold."""


def content_of(result: Result) -> dict[str, Any]:
    """A result as plain JSON."""
    public = _numbered(result)
    values = {key: value for key, value in dataclasses.asdict(public).items() if key not in _OF_THE_ROW}
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_plain))
    return plain


def text_of(content: dict[str, Any]) -> str:
    """The text whose digest is stored: keys sorted, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(content: dict[str, Any]) -> str:
    """The SHA-256 of the text, as hexadecimal."""
    return hashlib.sha256(text_of(content).encode()).hexdigest()


def result_from(stored: StoredResult) -> Result:
    """The result of a stored row."""
    content = stored.content
    order = content["order"]
    return Result(
        **{
            **content,
            "options": tuple(OptionResult(**one) for one in content["options"]),
            "winners": tuple(content["winners"]),
            "ties": _tuples(content["ties"]),
            "method": None if content["method"] is None else Method(content["method"]),
            "spending": {name: _spending(one) for name, one in content["spending"].items()},
            "order": None if order is None else _order(order),
            "set_asides": tuple(_set_aside(one) for one in content["set_asides"]),
            "changes": tuple(_change(one) for one in content["changes"]),
            "counted_at": datetime.fromisoformat(content["counted_at"]),
        },
        is_final=True,
        digest=stored.digest,
    )


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    raise TypeError(type(value).__name__)


def _numbered(result: Result) -> Result:
    """The result with keys that count its options from 1, in its order."""
    numbers = {one.key: place for place, one in enumerate(result.options, 1)}

    def of(keys: Iterable[int]) -> tuple[int, ...]:
        return tuple(numbers[key] for key in keys)

    def of_all(groups: Iterable[Iterable[int]]) -> tuple[tuple[int, ...], ...]:
        return tuple(of(keys) for keys in groups)

    order = result.order
    return dataclasses.replace(
        result,
        options=tuple(dataclasses.replace(one, key=numbers[one.key]) for one in result.options),
        winners=of(result.winners),
        ties=of_all(result.ties),
        spending={
            name: dataclasses.replace(
                one,
                winners=of(one.winners),
                ties=of_all(one.ties),
                steps=tuple(dataclasses.replace(step, key=numbers[step.key]) for step in one.steps),
            )
            for name, one in result.spending.items()
        },
        order=order
        and Order(
            of_all(order.places),
            order.condorcet_winner and numbers[order.condorcet_winner],
            tuple((numbers[a], numbers[b], ballots) for a, b, ballots in order.duels),
        ),
        changes=tuple(
            dataclasses.replace(one, key=numbers[one.key]) for one in result.changes if one.key in numbers
        ),
    )


def _tuples(rows: list[list[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(one) for one in rows)


def _spending(one: dict[str, Any]) -> Spending:
    return Spending(
        **{
            **one,
            "winners": tuple(one["winners"]),
            "ties": _tuples(one["ties"]),
            "steps": tuple(Step(**step) for step in one["steps"]),
            "districts": tuple(DistrictShare(**share) for share in one["districts"]),
        }
    )


def _order(one: dict[str, Any]) -> Order:
    return Order(_tuples(one["places"]), one["condorcet_winner"], _tuples(one["duels"]))


def _set_aside(one: dict[str, Any]) -> SetAsideCount:
    begin, end = (datetime.fromisoformat(one[name]) for name in ("starts_at", "ends_at"))
    return SetAsideCount(**{**one, "starts_at": begin, "ends_at": end})


def _change(one: dict[str, Any]) -> Change:
    return Change(**{**one, "changed_at": datetime.fromisoformat(one["changed_at"])})
