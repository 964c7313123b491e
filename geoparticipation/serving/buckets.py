"""Media in a bucket of an S3-compatible storage, shared by all machines.

What the storage refuses becomes the error that a disk would raise, so that people read the same sentences: a full one
ENOSPC, one that does not answer EIO, a missing object FileNotFoundError.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

_IN_MEMORY: Final = 2 * 2**20
"""Bytes of an object that are kept in memory while it is read; more go to a temporary file."""
_FULL: Final = frozenset(
    {"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "InsufficientCapacity"}
)
_PATIENCE: Final = 0.15
_SECONDS_KEPT: Final = 10.0


class BucketStorage(S3Storage):  # type: ignore[misc]  # without types of its own
    """django-storages' S3 with limits of time, private objects and the errors of disks."""

    def __init__(self, *, connect_seconds: float = 3, read_seconds: float = 15, **options: Any) -> None:
        usual = {
            "default_acl": None,
            "querystring_auth": True,
            # Names are random: asking first whether one is taken would double the requests.
            "file_overwrite": True,
            "max_memory_size": _IN_MEMORY,
            "transfer_config": TransferConfig(use_threads=False),
            "client_config": Config(
                connect_timeout=connect_seconds,
                read_timeout=read_seconds,
                retries={"max_attempts": 2, "mode": "standard"},
                s3={"addressing_style": options.get("addressing_style")},
                signature_version="s3v4",
            ),
        }
        super().__init__(**{**usual, **options})
        self._asked = 0.0
        self._state = "ok"

    @property
    def bucket(self) -> Any:
        """The bucket by the connection of this thread: boto3's resources are not safe to share."""
        return self.connection.Bucket(self.bucket_name)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        with _errors_of_disks():
            file: File[bytes] = super()._open(name, mode)
            # Read now: otherwise the object is fetched in the middle of an answer, outside of this block.
            file.file  # noqa: B018
            return file

    def _save(self, name: str, content: File[bytes]) -> str:
        with _errors_of_disks():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Delete an object; a missing one is no error."""
        with _errors_of_disks():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether there is such an object."""
        with _errors_of_disks():
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        """Bytes; raises FileNotFoundError."""
        with _errors_of_disks():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        """When it was written, in UTC; raises FileNotFoundError."""
        with _errors_of_disks():
            moment: datetime = super().get_modified_time(name)
            return moment

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files directly below a folder."""
        with _errors_of_disks():
            folders, files = super().listdir(path)
            return list(folders), list(files)

    def entries(self, folder: str) -> Iterator[tuple[str, int, datetime]]:
        """Name, bytes and moment of writing of all objects below a folder, a thousand a request."""
        start = self._normalize_name(folder).rstrip("/") + "/"
        cut = len(self.location.rstrip("/") + "/") if self.location else 0
        with _errors_of_disks():
            pages = self.connection.meta.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=start):
                for one in page.get("Contents", ()):
                    yield one["Key"][cut:], one["Size"], one["LastModified"]

    def state(self) -> str:
        """Whether objects can be stored: "ok", or why not. The answer is ten seconds old at most."""
        if monotonic() - self._asked < _SECONDS_KEPT:
            return self._state
        probing = _probes.submit(self._probe)
        try:
            return probing.result(timeout=_PATIENCE)
        except TooLate:
            # Its result is that of the next question; until the first one nothing else is known.
            self._state, self._asked = "no answer", self._asked or 1.0
            return self._state

    def _probe(self) -> str:
        try:
            self.delete(self.save(f".probe-{uuid4().hex}", ContentFile(b"probe")))
            state = "ok"
        except OSError as error:
            state = "full" if error.errno == errno.ENOSPC else "not writable"
        self._state, self._asked = state, monotonic()
        return state


_probes: Final = ThreadPoolExecutor(1, thread_name_prefix="bucket-probe")


@contextmanager
def _errors_of_disks() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        answer = error.response
        code = str(answer.get("Error", {}).get("Code", ""))
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404 and code != "NoSuchBucket":
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from error
        number = errno.ENOSPC if code in _FULL or status == 507 else errno.EIO
        # The text of the original names bucket and key id: it stays in the chain, for the log.
        raise OSError(number, os.strerror(number)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise OSError(errno.EIO, os.strerror(errno.EIO)) from error
