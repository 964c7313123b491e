"""The last backup, as `bin/backup` left word of it in `VAR_DIR/backup.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class Backup:
    """A finished backup; `name` is the folder of its set, `size` in bytes."""

    finished_at: datetime
    name: str
    size: int
    verified: bool


def last_backup() -> Backup | None:
    """The last finished backup; None where there is no word of one, or none that can be read."""
    try:
        told = json.loads(Path(settings.VAR_DIR, "backup.json").read_text())
        finished_at = datetime.fromisoformat(told["finished_at"])
        return Backup(
            finished_at=finished_at if finished_at.tzinfo else finished_at.replace(tzinfo=UTC),
            name=Path(str(told["set"])).name,
            size=int(told["bytes"]),
            verified=told["verified"] is True,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
