"""`MEDIA_STORAGE_URL`: what it may say, and what becomes of it."""

from pathlib import Path

import pytest

from geoparticipation.serving.media import BUCKET, FILES, MediaAddressError, media_storages

USUAL = Path("/usual/media")

pytestmark = pytest.mark.unit


def test_without_an_address_media_lie_in_the_usual_folder() -> None:
    assert media_storages("", USUAL) == ({"default": {"BACKEND": FILES}}, USUAL, None)


def test_shared_folder_also_holds_what_passes_between_machines() -> None:
    storages, folder, exchange = media_storages("file:///srv/shared%20media", USUAL)
    assert storages == {"default": {"BACKEND": FILES}}
    assert (folder, exchange) == (Path("/srv/shared media"), Path("/srv/shared media/exchange"))


def test_bucket_with_key_prefix_and_endpoint() -> None:
    storages, folder, exchange = media_storages(
        "s3://key:sec%2Fret@media/kl/prod?endpoint=https://s3.example.org:9000&region=eu-central-1", USUAL
    )
    assert (folder, exchange) == (USUAL, None)
    for name, location in (("default", "kl/prod"), ("exchange", "kl/prod/exchange")):
        assert storages[name] == {
            "BACKEND": BUCKET,
            "OPTIONS": {
                "bucket_name": "media",
                "addressing_style": "path",
                "endpoint_url": "https://s3.example.org:9000",
                "region_name": "eu-central-1",
                "access_key": "key",
                "secret_key": "sec/ret",
                "location": location,
            },
        }


def test_bucket_alone_takes_its_key_from_the_environment() -> None:
    storages, _folder, _exchange = media_storages("s3://media", USUAL)
    assert storages["exchange"]["OPTIONS"] == {
        "bucket_name": "media",
        "addressing_style": "virtual",
        "location": "exchange",
    }


@pytest.mark.parametrize(
    "address",
    [
        "/srv/media",
        "file://host/srv",
        "file:///",
        "file:///srv?region=eu",
        "https://s3.example.org/media",
        "s3://",
        "s3://key@media",
        "s3://media?endpoint=s3.example.org",
        "s3://media?addressing=other",
        "s3://media?acl=public-read",
    ],
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(MediaAddressError, match="MEDIA_STORAGE_URL"):
        media_storages(address, USUAL)


def test_refusal_does_not_repeat_the_secret() -> None:
    with pytest.raises(MediaAddressError) as refused:
        media_storages("s3://key:hidden@media?acl=x", USUAL)
    assert "hidden" not in str(refused.value)
