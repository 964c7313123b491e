"""Messages for errors of files and their rows; other codes are in `mapping.services.messages`."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.services import messages

_FILES: Final[Mapping[str, str | Promise]] = {
    "file_missing": _("This file is not here any more. Please upload it again."),
    "file_unreadable": _(
        "The file cannot be read. It may be damaged or cut off, or hold something else than its ending says."
    ),
    "file_empty": _("The file is empty. Please choose another one."),
    "file_unknown_ending": _("Files that end like this cannot be read. These can: %(known)s."),
    "file_other_content": _("The file does not hold %(driver)s as its ending says."),
    "file_not_utf8": _("The file is not in UTF-8. Please choose its encoding, mostly Windows-1252."),
    "file_too_large": _("The file is too large after unpacking: more than %(megabytes)s MB."),
    "upload_too_large": _("The file is too large: at most %(megabytes)s MB can be uploaded."),
    "upload_missing": _("Please choose a file."),
    "file_bomb": _("The file unpacks to a multiple of its size that no honest file has."),
    "file_archive_of_many": _(
        "The archive must hold a file with data, and at most %(most)s of them. It holds %(number)s."
    ),
    "file_archive_unsafe": _(
        "The archive holds names that lead out of it, links, or too many files. Please pack it anew."
    ),
    "file_with_document_type": _(
        "The file declares a document type or entities. Such files are not read, because they can open others."
    ),
    "file_not_utf8_xml": _("Please save the file in UTF-8; other encodings of XML are not read."),
    "file_with_references": _(
        "The file refers to other files or to servers. Only what a file itself holds is read."
    ),
    "file_points_elsewhere": _(
        "The file holds no places. It only points to another file, which is not fetched. Please import that one."
    ),
    "file_without_sidecar": _(
        "The file ending in %(ending)s is missing. Please pack all files of the same name into one ZIP archive."
    ),
    "file_with_views": _(
        "The GeoPackage holds views or virtual tables. Please export the layer as a table of its own."
    ),
    "file_too_many_fields": _("The file has %(number)s fields; at most %(most)s can be read."),
    "file_without_rows": _("The file has no rows."),
    "file_without_header": _("The file has no line %(line)s that could name its fields."),
    "file_coordinates_unreadable": _(
        "The coordinate “%(example)s” cannot be read. Please write numbers with a point, for example 7.7689."
    ),
    "file_open_quote": _(
        "The quotation mark that opens in line %(line)s of the file is never closed. Please close it or take it out."
    ),
    "dates_ambiguous": _(
        "Dates like “%(example)s” can be read in two ways. Please choose whether the day or the month stands first."
    ),
    "time_zone_unknown": _(
        "The time zone %(zone)s is not known. Please write one like Europe/Berlin or UTC."
    ),
    "file_with_layers": _("The file has several layers. Please choose one."),
    "file_without_layer": _("The file has no layer of this name. Please choose one of the list."),
    "file_without_layers": _("The file has no layer with data."),
    "file_crs_unusable": _(
        "The coordinate system of the file cannot be used. Please name one, for example EPSG:25832."
    ),
    "file_without_field": _("There is no field %(field)s in this file."),
    "file_without_places": _("The file holds no places. Please choose the fields with the coordinates."),
    "file_without_category": _("Please choose a category for the rows."),
    "file_without_names": _("The file holds no name with a position."),
    "file_without_polygons": _("The file holds no polygon."),
    "file_not_in_degrees": _(
        "The coordinates are no degrees. Please name the coordinate system, for example EPSG:25832."
    ),
    "file_refused": _("The database refused this. Please tell whoever runs this site."),
    "file_refused_rows": _("Nothing is stored as long as a row is wrong: here all rows must be right."),
    "short_name_wrong": _("A short name is made of letters, digits and hyphens."),
}
_ROWS: Final[Mapping[str, str | Promise]] = {
    "row.total": _("This row at the end holds totals, nothing of its own."),
    "row.too_many_cells": _(
        "The row has %(cells)s cells, but there are only %(fields)s fields: perhaps a separator inside a text without "
        "quotation marks."
    ),
    "category.required": _("The row names no category."),
    "category.unknown_category": _("The campaign has no category “%(value)s”."),
    "category.left_out": _("“%(value)s” is to be left out."),
    "id.required": _("The row has no id."),
    "id.repeated": _("The id %(value)s occurs again in the file."),
    "created.not_a_date": _("“%(value)s” is not a date from 1900 to today."),
    "created.ambiguous_date": _("“%(value)s” can be read in two ways: day or month first."),
    "geometry.geometry_required": _("The row has no place."),
    "geometry.type_not_allowed": _("The category does not take this kind of place."),
    "geometry.not_two_dimensional": _("The place has heights. They can be left out."),
    "geometry.not_an_area": _("This is not an area; only areas are taken here."),
    "geometry.sliver": _(
        "The district “%(name)s” is so narrow that nothing of it remains. Such rows can be left out."
    ),
    "geometry.not_in_degrees": _(
        "The coordinates of the district “%(name)s” are no degrees. Please name the file's coordinate system."
    ),
    "name.required": _("The row has no name or no code."),
    "name.too_long": _("A name has up to %(name)s characters, a code %(code)s."),
    "cell.unreadable": _("“%(value)s” is not the id of a cell such as CRS3035RES1000mN2916000E4150000."),
    "cell.other_size": _("The cell has another size than the rows before."),
    "cell.repeated": _("The cell %(value)s occurs again in the file."),
    "count.not_a_number": _("“%(value)s” in %(field)s is not a number of inhabitants."),
    "count.too_large": _("These are more inhabitants than there can be."),
}
_FIELDS: Final[Mapping[str, str | Promise]] = {
    "category": _("Category"),
    "cell": _("Cell"),
    "count": _("Inhabitants"),
    "created": _("When it was made"),
    "geometry": _("Place"),
    "id": _("Id"),
    "name": _("Name"),
    "row": _("Row"),
    "text": _("Text"),
}
_NOTES: Final[Mapping[str, str | Promise]] = {
    "time_skipped": _("Times that the change to summer time skips: stored one hour later."),
    "time_twice": _("Times that exist twice when summer time ends: stored as the first one, in summer time."),
}


def file_sentence(code: str, params: Mapping[str, object]) -> str:
    """The message for an error of a file, in the active language."""
    return messages.filled(_FILES[code], params) if code in _FILES else messages.sentence(code, params)


def row_sentence(field: str, code: str, params: Mapping[str, object]) -> str:
    """The message for a rejected row, in the active language."""
    known = _ROWS.get(f"{field}.{code}")
    return messages.sentence(code, params) if known is None else messages.filled(known, params)


def note_sentence(code: str) -> str:
    """The message for a note about stored rows, in the active language."""
    return str(_NOTES[code])


def field_in_words(field: str) -> str:
    """The title of the field at fault, in the active language; questions keep their own names."""
    return str(_FIELDS.get(field, field.removeprefix("answers.")))
