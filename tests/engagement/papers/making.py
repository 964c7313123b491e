"""Documents with files for tests."""

import hashlib

from django.core.files.base import ContentFile

from engagement.models import Document, DocumentVersion, Extraction
from tests.engagement.papers import pdfs


def add_file(
    document: Document, words: tuple[str, ...] = ("A bench in the shade",), **fields: object
) -> DocumentVersion:
    """One more version, whose text was read."""
    data = pdfs.with_words(words)
    number = document.versions.count() + 1
    values = {
        "number": number,
        "name": f"minutes-{number}.pdf",
        "file": ContentFile(data, name=f"{document.pk}-{number}.pdf"),
        "bytes": len(data),
        "digest": hashlib.sha256(data).digest(),
        "pages": len(words),
        "extraction": Extraction.DONE,
    }
    version = DocumentVersion.objects.create(document=document, **(values | fields))
    for page, text in enumerate(words, 1):
        version.texts.create(number=page, text=text)
    return version
