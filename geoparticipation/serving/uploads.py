"""Upload of form files through the server's temporary directory, which may be full."""

import contextlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest

from mapping.forms.files import note_lost_upload
from mapping.services.files.disks import disk_problem


class CarefulUploadHandler(TemporaryFileUploadHandler):
    """Django's handler, but a full disk loses the file only: the rest of the form is read, and the page reports it."""

    request: HttpRequest
    is_lost = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file."""
        self.is_lost = False
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._lose(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - the interface
        """Write a chunk; data that do not fit are read and dropped."""
        if self.is_lost:
            return
        try:
            self.file.write(raw_data)
        except OSError as error:
            self._lose(error)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file, or None if it was lost."""
        if not self.is_lost:
            try:
                self.file.flush()
            except OSError as error:
                self._lose(error)
        return None if self.is_lost else super().file_complete(file_size)

    def _lose(self, error: OSError) -> None:
        problem = disk_problem(error)
        if problem is None:
            raise error
        self.is_lost = True
        if getattr(self, "file", None) is not None:
            # Free the space already used; closing deletes the file, and may fail as writing did.
            with contextlib.suppress(OSError):
                self.file.close()
        note_lost_upload(self.request, problem)
