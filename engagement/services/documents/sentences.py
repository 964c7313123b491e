"""What planners read about documents; `mapping.services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOCUMENTS: Final[Mapping[str, str | Promise]] = {
    "not_document_editor": _("Your account may not edit this document. Please ask whoever runs this site."),
    "file_empty": _("The file is empty. Please choose another one."),
    "not_a_pdf": _("This file is no PDF, whatever its name is. Please save it as PDF and upload it again."),
    "pdf_too_large": _("The file is too large. At most %(max)s MB are possible."),
    "pdf_encrypted": _(
        "The file is protected by a password or against changes. Please save it without protection and upload it again."
    ),
    "pdf_broken": _("The file is damaged or incomplete. Please save it as PDF once more."),
    "pdf_without_pages": _("The file has no pages."),
    "pdf_too_many_pages": _("The file has too many pages: at most %(max)s are possible. Please split it."),
    "pdf_unpacks_too_large": _(
        "Unpacked, the file is larger than %(max)s MB. Please save it with smaller pictures."
    ),
    "pdf_too_slow": _(
        "The file cannot be checked in reasonable time. Please save it as PDF once more, or split it."
    ),
    "document_written": _("This document was written here. Please remove its text before you upload a file."),
    "document_has_files": _("This document has files. Please remove them before you write a text here."),
    "document_empty": _("There is nothing to read yet. Please upload a file or write a text."),
    "version_exists": _("The newest version is the same file."),
    "too_many_versions": _("At most %(max)s versions are possible."),
    "agenda_item_elsewhere": _("This agenda item belongs to another session."),
}
