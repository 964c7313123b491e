"""Ways out of contributions, each with the number that it counts under a query."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

from django.test import Client

from mapping.models import Campaign

WAYS: dict[str, Callable[[Campaign, Client, str], int]] = {
    "squares": lambda campaign, client, query: heat_of(client, query),
    "hexagons": lambda campaign, client, query: heat_of(client, f"{query}&grid=hexagon"),
    "support": lambda campaign, client, query: heat_of(client, f"{query}&measure=support"),
    "list": lambda campaign, client, query: len(json_of(client, f"contributions/?{query}")["features"]),
    "geojson": lambda campaign, client, query: len(json_of(client, f"download.geojson?{query}")["features"]),
    "csv": lambda campaign, client, query: rows_of(client, query),
    "statistics": lambda campaign, client, query: int(
        json_of(client, f"statistics?{query}")["totals"]["contributions"]
    ),
    "ogc cells": lambda campaign, client, query: sum(
        one["properties"]["contributions"]
        for one in json.loads(
            client.get(f"/ogc/collections/{campaign.slug}-cells/items?size=10000&{query}").content
        )["features"]
    ),
}


def json_of(client: Client, path: str) -> dict:
    """An answer of the API about the campaign, which must be one."""
    response = client.get(f"/api/v1/campaigns/fear-spaces/{path}")
    assert response.status_code == 200, response.content
    found: dict = json.loads(b"".join(response))
    return found


def heat_of(client: Client, query: str) -> int:
    """How many contributions a heat map counts."""
    return int(json_of(client, f"heatmap?{query}")["totals"]["contributions"])


def rows_of(client: Client, query: str) -> int:
    """How many rows a table has."""
    response = client.get(f"/api/v1/campaigns/fear-spaces/download.csv?{query}")
    text = b"".join(response).decode("utf-8-sig")
    return len([*csv.reader(io.StringIO(text))]) - 1
