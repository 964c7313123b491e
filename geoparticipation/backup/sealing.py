"""Files of a set: written with their checksum, encrypted where there is a key, and read back."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

from django.conf import settings

from geoparticipation.backup.errors import BackupFailed, RestoreRefused

_PIECE: Final = 1024 * 1024
_TRIAL_SECONDS: Final = 30
_COMPLAINT: Final = 300


@dataclass(frozen=True, slots=True)
class Seal:
    """An encryption for one recipient; `suffix` ends the names of its files."""

    suffix: str
    command: tuple[str, ...]


def configured_seal() -> Seal | None:
    """The encryption that the settings name, None for none."""
    if settings.BACKUP_AGE_RECIPIENT:
        return Seal(".age", ("age", "--encrypt", "--recipient", settings.BACKUP_AGE_RECIPIENT))
    if settings.BACKUP_GPG_RECIPIENT:
        # Keys of the service's own ring alone: gpg would fetch a missing key from the web, and trust it.
        trusting = ("--no-auto-key-locate", "--trust-model", "always")
        recipient = ("--recipient", settings.BACKUP_GPG_RECIPIENT)
        return Seal(".gpg", ("gpg", "--batch", "--quiet", *trusting, "--encrypt", *recipient))
    return None


def trial_complaint(seal: Seal) -> str:
    """Why nothing can be encrypted now, "" where it can."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            seal.command, input=b"", capture_output=True, check=False, timeout=_TRIAL_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{seal.command[0]} cannot be started: {error}"
    return _end_of(done.stderr) if done.returncode else ""


class SealedFile:
    """A file that is being written: what is given to `write` arrives encrypted; `sha256` is that of the file.

    A context: at its end the file is on the disk, or BackupFailed or OSError was raised.
    """

    def __init__(self, path: Path, seal: Seal | None) -> None:
        self.path = path if seal is None else path.with_name(path.name + seal.suffix)
        self.bytes = 0
        self._digest = hashlib.sha256()
        self._problem: BaseException | None = None
        self._file = private_file(self.path)
        self._program: subprocess.Popen[bytes] | None = None
        if seal is not None:
            try:
                self._program = subprocess.Popen(  # noqa: S603 - our own arguments
                    seal.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
                )
            except OSError as error:
                raise BackupFailed(f"{seal.command[0]} cannot be started: {error}") from error
            self._pump = Thread(target=self._copy, args=(self._program.stdout,), daemon=True)
            self._pump.start()

    @property
    def sha256(self) -> str:
        """The checksum of what was written."""
        return self._digest.hexdigest()

    def write(self, piece: bytes) -> int:
        """Write some bytes."""
        if self._program is None:
            self._store(piece)
        else:
            assert self._program.stdin is not None  # noqa: S101 - it is a pipe
            try:
                self._program.stdin.write(piece)
            except BrokenPipeError:
                raise self._problem or BackupFailed(self._complaint()) from None
        return len(piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if self._program is not None:
                self._finish(self._program, is_broken=kind is not None)
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())

    def _finish(self, program: subprocess.Popen[bytes], *, is_broken: bool) -> None:
        if is_broken:
            program.kill()
        assert program.stdin is not None  # noqa: S101 - it is a pipe
        with suppress(BrokenPipeError):
            program.stdin.close()
        self._pump.join()
        status = program.wait()
        if is_broken:
            return
        if self._problem is not None:
            raise self._problem
        if status:
            raise BackupFailed(self._complaint())

    def _copy(self, source: BinaryIO) -> None:
        try:
            while piece := source.read(_PIECE):
                self._store(piece)
        except OSError as error:
            self._problem = error
            source.close()  # the program ends with the next byte that it writes

    def _store(self, piece: bytes) -> None:
        self._file.write(piece)
        self._digest.update(piece)
        self.bytes += len(piece)

    def _complaint(self) -> str:
        assert self._program is not None  # noqa: S101 - called for sealed files only
        assert self._program.stderr is not None  # noqa: S101 - it is a pipe
        return f"Encryption failed: {_end_of(self._program.stderr.read())}"


@contextmanager
def opened(path: Path, identity: Path | None) -> Iterator[BinaryIO]:
    """The content of a file of a set, decrypted as its name says: by an age identity, or by gpg's own keys.

    Raises RestoreRefused where the key is missing or wrong, or the file was changed, at the latest when all is read.
    """
    command = _opening(path, identity)
    if command is None:
        with path.open("rb") as file:
            yield file
        return
    try:
        program = subprocess.Popen(  # noqa: S603 - our own arguments
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise RestoreRefused(f"{command[0]} cannot be started: {error}") from error
    assert program.stdout is not None  # noqa: S101 - it is a pipe
    assert program.stderr is not None  # noqa: S101 - it is a pipe
    try:
        yield cast("BinaryIO", program.stdout)
        is_read = not program.stdout.read(1)
    except BaseException:
        program.kill()
        program.wait()
        raise
    finally:
        program.stdout.close()
    complaint = program.stderr.read()
    program.stderr.close()
    if program.wait() and is_read:
        raise RestoreRefused(f"{path.name} cannot be decrypted: {_end_of(complaint)}{_hint(path, complaint)}")


def _hint(path: Path, complaint: bytes) -> str:
    """What gpg does not say: a key that waits for its passphrase is "no secret key", too."""
    if path.suffix != ".gpg" or b"secret key" not in complaint.lower():
        return ""
    return " (import the private key into GNUPGHOME and unlock it: docs/operators/restoring.md, With GPG)"


def _end_of(complaint: bytes) -> str:
    """The end of what a program complained, where the reason stands, on one line."""
    return " ".join(complaint.decode(errors="replace").split())[-_COMPLAINT:]


def _opening(path: Path, identity: Path | None) -> list[str] | None:
    if path.suffix == ".age":
        if identity is None:
            raise RestoreRefused(f"{path.name} is encrypted: name the private key with --identity FILE.")
        return ["age", "--decrypt", "--identity", str(identity), str(path)]
    if path.suffix == ".gpg":
        return ["gpg", "--batch", "--quiet", "--decrypt", str(path)]
    return None


def checksum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def private_file(path: Path) -> BinaryIO:
    """A new file that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
