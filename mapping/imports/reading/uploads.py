"""Uploaded import files, kept for the steps of an import only: private, bound to one user and campaign.

They are stored below `imports` (`services.files.exchange`), never in the site's media: they have no URL. Each has a
folder of its own, named by a random id; the user's file name is stored as text and never becomes a path.
"""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePath
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.models import User
from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import ENDINGS
from mapping.imports.reading.tables import Reading, Table, open_table
from mapping.models import Campaign
from mapping.services.errors import NotStored
from mapping.services.files import exchange
from mapping.services.files.disks import refusing_what_disks_refuse

KEPT: Final = 6 * 3600
"""Seconds after which an unfinished upload is removed."""

MOST_AT_ONCE: Final = 5
"""Most uploads of one user; the oldest are removed."""

FORM: Final = "xlsform"
"""The kind of uploads that hold questions instead of rows."""

_UNPACKED: Final = 10
"""How many times larger than the limit of uploads a file may be after unpacking."""
_STATE: Final = "upload.json"
_DATA: Final = "data"
REJECTED: Final = "rejected.csv"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file between two steps of an import: its user, campaign, kind and progress.

    `given` are the form's values of the dry run, `outcome` its result; `is_done` once the import itself ran.
    """

    id: uuid.UUID
    user: int
    campaign: int
    kind: str
    name: str
    ending: str
    size: int
    created: float
    given: Mapping[str, list[str]]
    outcome: Mapping[str, object]
    is_done: bool = False

    @property
    def folder(self) -> Path:
        """The folder of the upload."""
        return _home() / str(self.id)

    @property
    def path(self) -> Path:
        """The file itself, under a neutral name with its own ending."""
        return self.folder / f"{_DATA}{self.ending}"

    @property
    def rejected(self) -> Path:
        """The table of rejected rows of the last run."""
        return self.folder / REJECTED

    @contextmanager
    def opened(self, reading: Reading) -> Iterator[Table]:
        """Open the file as a table; raises TableProblem if it cannot be read."""
        with open_table(
            self.path,
            **asdict(reading),
            first_layer=True,
            largest=settings.IMPORT_MEGABYTES * _UNPACKED * 2**20,
            kept=self.folder,
        ) as table:
            yield table


def keep(file: "UploadedFile[bytes]", kind: str, user: User, campaign: Campaign | None) -> Upload:
    """Store a file for the next steps and remove old ones; without a campaign no step can find it again.

    Raises TableProblem for an empty or too large file or an unknown ending; NotStored.
    """
    sweep(user)
    name = PurePath(str(file.name or "").replace("\\", "/")).name[:120]
    size = file.size or 0
    ending = _ending(name)
    if not size:
        raise TableProblem("The file is empty.", "file_empty")
    if size > settings.IMPORT_MEGABYTES * 2**20:
        raise TableProblem("The file is too large.", "upload_too_large", megabytes=settings.IMPORT_MEGABYTES)
    upload = Upload(
        id=uuid.uuid4(),
        user=user.pk,
        campaign=0 if campaign is None else campaign.pk,
        kind=kind,
        name=name,
        ending=ending,
        size=size,
        created=time.time(),
        given={},
        outcome={},
    )
    try:
        with refusing_what_disks_refuse():
            upload.folder.mkdir(mode=0o700, parents=True)
            with upload.path.open("xb") as target:
                for piece in file.chunks():
                    target.write(piece)
            exchange.share(upload.path)
            _write(upload)
    except NotStored:
        forget(upload)
        raise
    return upload


def find(pk: uuid.UUID, user: User, campaign: Campaign, *, form: bool = False) -> Upload | None:
    """Find an upload of this user for this campaign, unless it was removed; only a form with `form`, else a table."""
    try:
        exchange.fetch(_home() / str(pk))
        state = json.loads((_home() / str(pk) / _STATE).read_text(encoding="utf-8"))
        upload = Upload(**state | {"id": uuid.UUID(state["id"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_theirs = (upload.user, upload.campaign, upload.kind == FORM) == (user.pk, campaign.pk, form)
    return upload if is_theirs and upload.created > time.time() - KEPT else None


def remember(
    upload: Upload, *, given: Mapping[str, list[str]], outcome: Mapping[str, object], is_done: bool = False
) -> Upload:
    """Store the form's values and the result; after the import itself the file is removed."""
    changed = replace(upload, given=given, outcome=outcome, is_done=is_done)
    if upload.rejected.is_file():
        exchange.share(upload.rejected)
    _write(changed)
    if is_done:
        for path in (upload.path, *upload.folder.glob("*.rows")):
            exchange.remove(path)
    return changed


def forget(upload: Upload) -> None:
    """Remove an upload with everything that belongs to it."""
    exchange.remove_below(upload.folder)


def sweep(user: User | None = None) -> None:
    """Remove uploads older than `KEPT`, and the oldest of users with too many."""
    theirs = []
    for folder in _home().glob("*-*"):
        try:
            state = json.loads((folder / _STATE).read_text(encoding="utf-8"))
            created, owner = float(state["created"]), state["user"]
        except (OSError, ValueError, KeyError, TypeError):
            # Partly written: by an aborted upload, or by one in progress.
            created, owner = _modified(folder), None
        if created < time.time() - KEPT:
            exchange.remove_below(folder)
        elif user is not None and owner == user.pk:
            theirs.append((created, folder))
    for _created, folder in sorted(theirs)[: max(0, len(theirs) - MOST_AT_ONCE + 1)]:
        exchange.remove_below(folder)
    for name, _size, moment in exchange.shared_below(_home()):
        # Those of other machines; each step of an import writes its state anew.
        if moment.timestamp() < time.time() - KEPT:
            exchange.remove(_home().parent / name)


def _modified(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return time.time()


def _ending(name: str) -> str:
    """The ending of a file name, `.csv.gz` for packed ones."""
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    wanted = suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:]
    if not wanted or any(suffix not in ENDINGS for suffix in wanted):
        known = ", ".join(ENDINGS)
        raise TableProblem(f"{name} is of a kind that is not read.", "file_unknown_ending", known=known)
    return "".join(wanted)


def _home() -> Path:
    return exchange.home("imports")


def _write(upload: Upload) -> None:
    """Write atomically: concurrent readers see the former state."""
    target = upload.folder / _STATE
    written = target.with_suffix(".new")
    written.write_text(json.dumps(asdict(upload) | {"id": str(upload.id)}), encoding="utf-8")
    written.replace(target)
    exchange.share(target)
