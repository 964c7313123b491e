"""Media in a bucket are in a set, and come back from it."""

from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from geoparticipation.backup.media import copy_media, put_media
from geoparticipation.backup.sealing import SealedFile
from tests.buckets.conftest import Buckets


def test_media_of_a_bucket_are_saved_and_restored(buckets: Buckets, tmp_path: Path) -> None:
    contents = {"photos/2026/11/a.jpg": b"a photo", "documents/2026/11/b.pdf": b"a paper" * 1000}
    for name, content in contents.items():
        default_storage.save(name, ContentFile(content))
    storages["exchange"].save("exports/c.gpkg", ContentFile(b"made again at any time"))
    with SealedFile(tmp_path / "media.tar", None) as file:
        copied = copy_media(file)
    assert copied.checksums.keys() == contents.keys()

    default_storage.delete("photos/2026/11/a.jpg")
    default_storage.delete("documents/2026/11/b.pdf")
    default_storage.save("documents/2026/11/b.pdf", ContentFile(b"another one"))
    with (tmp_path / "media.tar").open("rb") as archive:
        assert put_media(archive, copied.checksums, set()) == 2
    assert {name: buckets.content(f"site/{name}") for name in contents} == contents
