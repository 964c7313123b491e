"""A planner at the import page, and the small files that they bring."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mapping.models import (
    Campaign,
)
from tests import personas
from tests.personas import TOWN_HALL


@dataclass
class Desk:
    """A planner at the import page of a campaign."""

    campaign: Campaign
    browser: Client
    address: str = ""

    def upload(self, kind: str, name: str, content: str | bytes) -> Any:
        data = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile(name, data)
        response = self.browser.post(self.at("imports"), {"kind": kind, "file": file})
        self.address = response.headers.get("Location", "")
        return response

    @property
    def kept(self) -> Path:
        """Where the uploaded file lies."""
        return Path(settings.VAR_DIR) / "imports" / self.address.rstrip("/").rpartition("/")[2]

    def at(self, name: str) -> str:
        return reverse(f"planning:{name}", args=(self.campaign.slug,))

    def preview(self, **given: object) -> Any:
        return self.browser.post(self.address, given) if given else self.browser.get(self.address)

    def guessed(self) -> dict[str, Any]:
        """What the form holds as it is shown."""
        response = self.preview()
        assert response.status_code == 200, response.context["problem"]
        return filled(response)

    def check(self, given: Mapping[str, object]) -> Mapping[str, Any]:
        """The outcome of a dry run."""
        response = self.browser.post(
            f"{self.address}check/", given, headers={"Accept": "application/x-ndjson"}
        )
        assert response.status_code == 200, response.content
        lines = [json.loads(line) for line in response.getvalue().decode().splitlines()]
        assert lines[-1] == {"url": f"{self.address}result/"}
        return self.outcome()

    def store(self) -> Mapping[str, Any]:
        """The outcome of the import itself, by the page that grows."""
        response = self.browser.post(f"{self.address}store/")
        assert f'href="{self.address}result/"' in response.getvalue().decode()
        return self.outcome()

    def outcome(self) -> Mapping[str, Any]:
        outcome: Mapping[str, Any] = self.browser.get(f"{self.address}result/").context["outcome"]
        return outcome


def filled(response: Any) -> dict[str, Any]:
    """The form of a page as a browser would send it."""
    preview = response.context["preview"]
    header = "" if preview.header is None else str(preview.header)
    given: dict[str, Any] = {"seen": preview.layer, "seen_header": header}
    for section in [response.context["about_file"], *response.context["sections"]]:
        for question in section.questions:
            chosen = [option.value for option in question.options if option.is_chosen]
            given[question.name] = chosen if question.kind == "checks" else (chosen or [question.value])[0]
        for value in section.values:
            given[f"value-{value.number}"] = value.text
            given[f"as-{value.number}"] = next(one.value for one in value.options if one.is_chosen)
    return {name: value for name, value in given.items() if value}


def table(*rows: Mapping[str, object]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def row(number: int, place: tuple[float, float] = TOWN_HALL, **more: object) -> dict[str, object]:
    """A contribution as a city's table has it."""
    return {"Nr": number, "Länge": place[0], "Breite": place[1], "Thema": "Spot", "Text": "Dark"} | more


def square(name: str, place: tuple[float, float] = TOWN_HALL) -> Mapping[str, object]:
    """A district, as a GeoJSON feature."""
    return {
        "type": "Feature",
        "geometry": personas.square(place),
        "properties": {"name": name, "plz": "67655"},
    }


def collection(*features: Mapping[str, object]) -> str:
    """Features as a file."""
    return json.dumps({"type": "FeatureCollection", "features": features})
