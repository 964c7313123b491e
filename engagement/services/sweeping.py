"""Files of documents and pictures that no row names.

Left by a process that was killed in the moment of writing or deleting, or by a campaign that was deleted with its news.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db.models import Model
from django.utils import timezone

from engagement.models import DocumentVersion, Image
from mapping.services.photos.attachments import delete_files
from mapping.services.photos.sweeping import entries_below

OLD_ENOUGH: Final = timedelta(days=1)
"""Younger files may be arriving just now."""
_NAMED_BY: Final[Mapping[str, type[Model]]] = {"documents": DocumentVersion, "images": Image}
"""The folders of this app, and the tables whose column `file` names what is in them."""


def delete_stray_files(older_than: timedelta = OLD_ENOUGH) -> int:
    """Delete files without a row that are older than a day, or than another age; return their number."""
    moment = timezone.now() - older_than
    strays: list[str] = []
    for folder, model in _NAMED_BY.items():
        # Files first: the row of a file written meanwhile then exists already, or the file is young.
        stored = list(entries_below(folder))
        known = set(model._default_manager.values_list("file", flat=True))  # noqa: SLF001 - documented
        strays += [one.name for one in stored if one.name not in known and one.modified_at < moment]
    delete_files(strays)
    return len(strays)
