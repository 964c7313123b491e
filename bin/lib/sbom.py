"""Writes what the service is made of: two CycloneDX documents and a list of licences (called by `bin/sbom`)."""  # noqa: INP001 - a program

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Document = dict[str, Any]
_TROVE = "License :: OSI Approved :: "


def main(python: Path, npm: Path, lock: Path, place: Path) -> None:
    """Keep of the environment what `lock` names, as development's tools are installed beside it."""
    place.mkdir(parents=True, exist_ok=True)
    documents = {
        "sbom-python.cdx.json": only(json.loads(python.read_text()), names_in(lock.read_text())),
        "sbom-npm.cdx.json": json.loads(npm.read_text()),
    }
    for name, document in documents.items():
        (place / name).write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")
    with (place / "licences.csv").open("w", newline="") as file:
        written = csv.writer(file)
        written.writerow(["package", "version", "licences"])
        for document in documents.values():
            written.writerows(licences(document))


def names_in(lock: str) -> set[str]:
    """The packages of a lock file, normalised."""
    return {normalised(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}


def normalised(name: str) -> str:
    """A package's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def only(document: Document, names: set[str]) -> Document:
    """The document with these components; raises SystemExit where one is not installed."""
    components = [one for one in document["components"] if normalised(one["name"]) in names]
    missing = names - {normalised(one["name"]) for one in components}
    if missing:
        raise SystemExit(f"not installed: {', '.join(sorted(missing))}")
    kept = {one["bom-ref"] for one in components} | {document["metadata"]["component"]["bom-ref"]}
    dependencies = [
        {**one, "dependsOn": [ref for ref in one["dependsOn"] if ref in kept]} if "dependsOn" in one else one
        for one in document["dependencies"]
        if one["ref"] in kept
    ]
    return {**document, "components": components, "dependencies": dependencies}


def licences(document: Document) -> Iterator[list[str]]:
    """Rows of package, version and licences, by name."""
    for component in sorted(document["components"], key=lambda one: one["name"].lower()):
        yield [component["name"], component["version"], " AND ".join(sorted(licences_of(component)))]


def licences_of(component: Document) -> set[str]:
    """Identifiers and expressions (SPDX); names of licences only where nothing more exact is said."""
    named = component.get("licenses", [])
    exact = {one["expression"] for one in named if "expression" in one}
    exact |= {one["license"]["id"] for one in named if "id" in one.get("license", {})}
    loose = {one["license"]["name"] for one in named if "name" in one.get("license", {})}
    return exact or {name.removeprefix(_TROVE) for name in loose} or {"unknown"}


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
