"""Retention of temporary data of this app."""

from __future__ import annotations

from typing import Final

from audit.pruning import prune
from doors.keys import forget_past_days
from mapping.imports.reading import uploads
from mapping.services import export_jobs
from mapping.services.erasures import ledger
from mapping.services.moderation import flags
from mapping.services.retained.removing import remove_due
from mapping.services.retention import Retention

RULES: Final = (
    Retention("exports", "files of exports whose links have expired", "minute", export_jobs.remove_expired),
    Retention("uploads", "files for imports that nobody finished", "minute", uploads.sweep),
    Retention("flags", "reports of content, half a year after the decision", "day", flags.remove_decided),
    Retention("erasures", "hashes of what was erased, once no backup is as old", "day", ledger.forget_old),
    Retention("audit", "entries of the audit log", "day", prune),
    Retention(
        "campaigns", "what people gave in campaigns, at the dates they were promised", "night", remove_due
    ),
    Retention("networks", "counts of networks and records of log-ins", "day", forget_past_days),
)
