"""A self-documenting archive of everything: GeoPackage, tables, data dictionary, metadata, notes, licence.

Written in German, the language of the campaigns, so that it is the same whoever downloads it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.released import FIELDS
from mapping.exports.datasets import campaign_dataset
from mapping.exports.fields import Field, paper_fields
from mapping.exports.formats import csv, geopackage
from mapping.exports.formats.package_notes import (
    is_with_responses,
    licence_notice,
    protection_note,
    read_me,
)
from mapping.exports.metadata import Site, current_site, dataset_graph, serialised
from mapping.exports.registry import (
    EXTRAS,
    Content,
    ExportOptions,
    Format,
    Origin,
    Progress,
    Released,
)
from mapping.exports.streams.tables import ID
from mapping.exports.streams.writing import workplace
from mapping.models import Audience, Campaign, Question

_KINDS: Final = {
    "text": "Text",
    "integer": "ganze Zahl",
    "number": "Zahl",
    "boolean": "ja/nein",
    "datetime": "Zeitpunkt (UTC)",
    "texts": "mehrere Texte",
    "objects": "Liste",
}


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write the parts one after the other; comments, answers and opinions always come along."""
    campaign, site = content.campaign, current_site()
    whole = ExportOptions(options.crs, frozenset() if isinstance(content, Released) else frozenset(EXTRAS))
    with (
        translation.override("de"),
        workplace(path) as place,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        layers = place / f"{campaign.slug}.gpkg"
        geopackage.write_file(content, origin, whole, layers, progress)
        archive.write(layers, layers.name)
        layers.unlink()
        _add(archive, f"{campaign.slug}.csv", csv.write(content, origin, options))
        if not isinstance(content, Released):
            for extra in EXTRAS:
                _add(archive, f"{extra}.csv", csv.write_extra(extra, content))
        _add(archive, "datenlexikon.csv", [csv.table(dictionary(content))])
        if is_with_responses(content):
            _add_responses(archive, campaign)
        archive.writestr(
            "metadaten.ttl", serialised(dataset_graph(campaign_dataset(campaign, site), site), "ttl")
        )
        archive.writestr("LIESMICH.md", read_me(content, site, origin.url, options.crs))
        archive.writestr("schutz.md", protection_note(content))
        archive.writestr("lizenz.txt", licence_notice(content, _attribution(campaign, site), site.licence))


def _add_responses(archive: zipfile.ZipFile, campaign: Campaign) -> None:
    # Imported here: the tables of responses are written as those of contributions, which this room holds.
    from mapping.exports.responses import csv as responses

    _add(archive, "antworten.csv", responses.write(campaign, "codes"))
    _add(archive, "antworten-codebuch.csv", [responses.write_codebook(campaign)])


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    with archive.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)


def _attribution(campaign: Campaign, site: Site) -> str:
    return campaign.attribution or campaign.organiser or site.name


def dictionary(content: Content) -> Iterator[tuple[object, ...]]:
    """Rows of the data dictionary: each column, then each code of it."""
    yield (
        "spalte",
        "frage",
        "kategorie",
        "lesbar_für",
        "art",
        "einheit",
        "minimum",
        "maximum",
        "code",
        "bedeutung",
        "erläuterung",
    )
    if isinstance(content, Released):
        for field in FIELDS:
            yield from _rows(field, "")
        return
    asked: dict[tuple[str, bool], list[str]] = {}
    questions = Question.objects.of_categories(content.campaign.pk)
    for slug, audience, title in questions.values_list("slug", "audience", "category__title"):
        asked.setdefault((slug, audience == Audience.STAFF), []).append(title)
    paper = () if content.statuses is None else paper_fields(content.campaign)
    for field in (ID, *content.fields(), *paper):
        yield from _rows(field, ", ".join(asked.get((field.question, field.is_for_staff), ())))


def _rows(field: Field, categories: str) -> Iterator[tuple[object, ...]]:
    limits = tuple("" if limit is None else limit for limit in (field.minimum, field.maximum))
    readers = "nur Mitarbeitende" if field.is_for_staff else "alle"
    about = (field.name, str(field.title), categories, readers, _KINDS[field.kind], field.unit, *limits)
    yield (*about, "", "", str(field.description))
    for choice in field.choices:
        yield (*about, choice.value, str(choice.title), "")


PACKAGE = Format(
    "package.zip",
    _("Package"),
    "application/zip",
    write_file=write_file,
    hint=_("GeoPackage and CSV with a data dictionary, metadata for open-data portals, notes and licence."),
    group="whole",
    extras=(),
    has_all_extras=True,
)
