"""Log lines: plain or JSON, with the id of the request, without secrets and personal data."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final

from pythonjsonlogger.json import JsonFormatter

from geoparticipation.watching.cleaning import cleaned, cleaned_traceback
from geoparticipation.watching.requests import current_request_id

_EXTRA: Final = ("method", "view", "status", "status_code", "ms", "bytes")
"""Attributes of records that become fields of JSON lines; others may hold requests, rows or people's words."""


class WithoutPrivateLinks(logging.Filter):
    """Cleans every message, Django's own about refused requests included; reports of barriers lose what was written."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = cleaned(message)
        if clean != message:
            record.template = record.msg  # for error reports, which take no arguments
            record.msg, record.args = clean, ()
        return True


class PlainLines(logging.Formatter):
    """Lines for people: time with UTC offset, level, logger, message, id of the request; exceptions below."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return _moment(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return cleaned_traceback(super().formatException(ei))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record)
        request_id = current_request_id()
        return f"{line} [{request_id}]" if request_id else line


class JsonLines(JsonFormatter):
    """One JSON object per line: `time`, `level`, `logger`, `message`, `request_id`, `exception`, fields of access."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Name the fields one by one: nothing else of a record gets out."""
        request_id = current_request_id()
        log_data |= {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "message": cleaned(record.getMessage()),
            **({"request_id": request_id} if request_id else {}),
        }
        for name in _EXTRA:
            value = getattr(record, name, None)
            if isinstance(value, int | float | str):
                log_data[name] = cleaned(value) if isinstance(value, str) else value
        exception = "\n".join(filter(None, (message_dict.get("exc_info"), message_dict.get("stack_info"))))
        if exception:
            log_data["exception"] = cleaned_traceback(exception)


def _moment(record: logging.LogRecord) -> str:
    """The time of a record, ISO 8601 with milliseconds and UTC offset."""
    return datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
