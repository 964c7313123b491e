"""The same for how long data are kept, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from mapping.models import Contribution, RetentionRecord, RetentionSpan, Wording
from tests import personas


def span_with(**fields: Any) -> Callable[[Contribution], object]:
    values: dict[str, Any] = {"subject": "texts", "months": 12}
    return lambda stored: RetentionSpan.objects.create(campaign=stored.campaign, **(values | fields))


def record_with(**fields: Any) -> Callable[[Contribution], object]:
    values: dict[str, Any] = {"subject": "texts", "part": "comments", "day": personas.EPOCH.date()}
    return lambda stored: RetentionRecord.objects.create(campaign=stored.campaign, **(values | fields))


def wording_with(**fields: Any) -> Callable[[Contribution], object]:
    values: dict[str, Any] = {"kind": "privacy", "language": "de", "number": 1, "text": "Hi", "digest": b""}
    return lambda _stored: Wording.objects.create(**(values | fields))


OF_RETENTION: list[tuple[str, Callable[[Contribution], object]]] = [
    ("retention_once_per_campaign", lambda stored: (span_with()(stored), span_with()(stored))),
    ("retention_subject", span_with(subject="dreams")),
    ("retention_months", span_with(months=0)),
    ("retention_months", span_with(months=241)),
    ("retention_record_once_a_day", lambda stored: (record_with()(stored), record_with()(stored))),
    ("wording_version_once", lambda stored: (wording_with()(stored), wording_with()(stored))),
    ("wording_kind", wording_with(kind="weather")),
]
