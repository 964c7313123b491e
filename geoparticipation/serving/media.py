"""Where media are kept, as `MEDIA_STORAGE_URL` names it: a folder of this machine, a shared one, or a bucket.

Pure functions: settings are read before Django is there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

FILES: Final = "geoparticipation.serving.storage.WholeFileStorage"
BUCKET: Final = "geoparticipation.serving.buckets.BucketStorage"
EXCHANGE: Final = "exchange"
"""The folder, beside those of media, of files that pass between processes: exports, uploads of imports."""
_OPTIONS: Final = {"endpoint", "region", "addressing"}


class MediaAddressError(ValueError):
    """The address of the storage cannot be used; the message says why, without keys that may stand in it."""


def media_storages(address: str, usual: Path) -> tuple[dict[str, dict[str, Any]], Path, Path | None]:
    """Return the entries of `STORAGES`, the folder of media and that of exchanged files (None: the usual one).

    `address` is empty (media lie in `usual`), `file:///folder`, or
    `s3://[key:secret@]bucket[/prefix][?endpoint=https://…&region=…&addressing=path|virtual]`; without a key, that of
    `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or of the machine's role. Raises MediaAddressError.
    """
    if not address:
        return {"default": {"BACKEND": FILES}}, usual, None
    parts = urlsplit(address)
    if parts.scheme == "file":
        folder = Path(unquote(parts.path))
        if parts.netloc or parts.query or folder == Path("/"):
            raise MediaAddressError("MEDIA_STORAGE_URL: a shared folder is written file:///folder")
        return {"default": {"BACKEND": FILES}}, folder, folder / EXCHANGE
    if parts.scheme != "s3" or not parts.hostname:
        raise MediaAddressError("MEDIA_STORAGE_URL begins with file:///folder or s3://bucket")
    prefix = unquote(parts.path).strip("/")
    options = {"bucket_name": parts.hostname} | _named(dict(parse_qsl(parts.query)))
    if parts.username:
        if not parts.password:
            raise MediaAddressError("MEDIA_STORAGE_URL: a key needs its secret, s3://key:secret@bucket")
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password)}
    storages = {
        "default": {"BACKEND": BUCKET, "OPTIONS": options | {"location": prefix}},
        "exchange": {"BACKEND": BUCKET, "OPTIONS": options | {"location": f"{prefix}/{EXCHANGE}".strip("/")}},
    }
    return storages, usual, None


def _named(given: dict[str, str]) -> dict[str, str]:
    """The options in the words of django-storages."""
    if unknown := given.keys() - _OPTIONS:
        raise MediaAddressError(f"MEDIA_STORAGE_URL: {', '.join(sorted(unknown))} is no option of a bucket")
    addressing = given.get("addressing", "path" if "endpoint" in given else "virtual")
    if addressing not in {"path", "virtual"}:
        raise MediaAddressError("MEDIA_STORAGE_URL: addressing is path or virtual")
    named = {"addressing_style": addressing}
    if endpoint := given.get("endpoint", ""):
        if urlsplit(endpoint).scheme not in {"https", "http"} or not urlsplit(endpoint).hostname:
            raise MediaAddressError("MEDIA_STORAGE_URL: the endpoint is an address, https://…")
        named["endpoint_url"] = endpoint
    if region := given.get("region", ""):
        named["region_name"] = region
    return named
