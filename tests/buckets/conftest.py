"""A storage of buckets on this machine, as another service would offer it: spoken to over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from geoparticipation.serving.media import media_storages

BUCKET = "city-media"


@dataclass
class Buckets:
    """The server, and what lies in the bucket of the test."""

    address: str
    client: Any
    server: ThreadedMotoServer

    def names(self) -> list[str]:
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return sorted(one["Key"] for one in found)

    def content(self, name: str) -> bytes:
        body: bytes = self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
        return body

    def stop(self) -> None:
        self.server.stop()


@pytest.fixture
def buckets(settings: Settings, tmp_path: Path) -> Iterator[Buckets]:
    """The site keeps its media in a bucket of an own server, below the prefix `site`."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    requests.post(f"{address}/moto-api/reset", timeout=10)  # all servers of a process share their buckets
    client = boto3.client(
        "s3",
        endpoint_url=address,
        region_name="eu-central-1",
        aws_access_key_id="city",
        aws_secret_access_key="secret",
    )
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    named = f"s3://city:secret@{BUCKET}/site?endpoint={address}&region=eu-central-1"
    storages, _folder, _exchange = media_storages(named, tmp_path / "media")
    settings.VAR_DIR = tmp_path / "first machine"
    settings.STORAGES = settings.STORAGES | storages
    yield Buckets(address, client, server)
    server.stop()
