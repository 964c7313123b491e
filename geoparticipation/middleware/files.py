"""Static files: those that were there at the start, and built ones that came or went since.

Scripts and style sheets may be built anew beside running processes (`bin/lib/build.mjs`), each of which names the files
of its own start. A process that was started later names new ones, which all others must serve, too; former ones stay
for a while, and are not found after it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from geoparticipation.serving.built import BUILT_PREFIX


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # it has no types
    """WhiteNoise, which otherwise knows the files of its start alone."""

    files: dict[str, Any]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not self.autorefresh and path not in self.files and path.startswith(_built()):
            found = self.find_file(path)
            if found is not None:
                self.files[path] = found
        try:
            response: HttpResponseBase = super().__call__(request)
        except _MissingFileError:
            self.files.pop(path, None)
            response = self.get_response(request)
        return response

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponseBase:
        """Raises _MissingFileError where the file went since the start."""
        try:
            response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        except FileNotFoundError as error:
            raise _MissingFileError from error
        return response


class _MissingFileError(Exception):
    """Of a static file: views may raise FileNotFoundError for reasons of their own."""


def _built() -> str:
    return f"{settings.STATIC_URL}{BUILT_PREFIX}/"
