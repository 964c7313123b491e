"""Error reports to a Sentry-compatible address: where an error happened and of which kind, nothing of people.

Off without `SENTRY_DSN`. A report is made anew from the few things listed here. Words of exceptions and arguments of
messages stay on this machine, because they may quote what people wrote: the request's id finds them in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, cast

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event, Hint

from geoparticipation.watching.cleaning import cleaned
from geoparticipation.watching.requests import current_request_id
from geoparticipation.watching.versions import software_version

_PLAIN: Final = ("event_id", "timestamp", "level", "logger", "platform", "release", "environment", "sdk")
_OF_FRAME: Final = ("filename", "abs_path", "function", "module", "lineno", "in_app", "context_line")


def start_error_reports() -> None:
    """Send reports from now on, where `SENTRY_DSN` names an address; without traces, sessions and statistics."""
    if not settings.SENTRY_DSN:
        return
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=software_version(),
        environment=settings.SENTRY_ENVIRONMENT,
        before_send=only_what_is_known,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            AtexitIntegration(callback=_say_nothing),
            DedupeIntegration(),
            DjangoIntegration(middleware_spans=False, signals_spans=False, cache_spans=False),
            ExcepthookIntegration(),
            LoggingIntegration(level=None),
        ],
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        enable_metrics=False,
        enable_logs=False,
        propagate_traces=False,
        trace_propagation_targets=[],
        traces_sample_rate=None,
    )


def only_what_is_known(event: Event, hint: Hint) -> Event:
    """Make a report of the parts that hold nothing of people; a part that is not named here does not leave."""
    given = cast("Mapping[str, Any]", event)
    report: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
    request_id = current_request_id()
    if request_id:
        report["tags"] = {"request_id": request_id}
    exceptions = [_kind(one) for one in (given.get("exception") or {}).get("values", [])]
    if exceptions:
        report["exception"] = {"values": exceptions}
    if given.get("request"):
        report["request"] = {"method": str(given["request"].get("method", ""))}
    if isinstance(given.get("transaction"), str):
        # The name of a view, or a path where there is none.
        report["transaction"] = cleaned(given["transaction"])
    message = _template(hint.get("log_record")) or (given.get("logentry") or {}).get("message")
    if message:
        # As it stands in the code; its arguments are not sent.
        report["logentry"] = {"message": cleaned(str(message))}
    return cast("Event", report)


def _template(record: logging.LogRecord | None) -> str:
    """The message of a log record without its arguments, also where the log has put them in."""
    return str(getattr(record, "template", "") or getattr(record, "msg", ""))


def _kind(exception: Mapping[str, Any]) -> dict[str, Any]:
    """Class of an exception, and where it was raised."""
    frames = (exception.get("stacktrace") or {}).get("frames", [])
    return {
        "type": exception.get("type"),
        "module": exception.get("module"),
        "value": "",
        "stacktrace": {"frames": [{name: one[name] for name in _OF_FRAME if name in one} for one in frames]},
    }


def _say_nothing(_pending: int, _timeout: float) -> None:
    """At the end of a process: what is waiting is sent without a word on the console."""
