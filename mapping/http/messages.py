"""Messages for errors that only the API raises; all others are in `services.messages`."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.services import messages

_SENTENCES: Final[Mapping[str, Promise]] = {
    "analysts_only": _("Only analysts of this campaign may see this."),
    "body_too_large": _("The request is too large; at most %(limit)s bytes are taken here."),
    "cql_bbox": _(
        "The filter is wrong at %(place)s: a box needs west, south, east and north as numbers in range."
    ),
    "cql_character": _("The filter is wrong at %(place)s: it contains a character that is not allowed."),
    "cql_collection": _(
        "The filter is wrong at %(place)s: %(name)s takes no geometry collection that mixes points, lines and areas."
    ),
    "cql_date": _("The filter is wrong at %(place)s: write a day like DATE('2026-05-01')."),
    "cql_ends_early": _("The filter is wrong at %(place)s: it ends too early."),
    "cql_geometry": _("The filter is wrong at %(place)s: this geometry cannot be used (%(reason)s)."),
    "cql_interval_reversed": _("The filter is wrong at %(place)s: the interval ends before it begins."),
    "cql_list_too_long": _("The filter is wrong at %(place)s: a list may have at most %(max)s values."),
    "cql_measures": _("The filter is wrong at %(place)s: geometries with measures (M) are not supported."),
    "cql_not_a_list": _("The filter is wrong at %(place)s: a list is needed here."),
    "cql_not_comparable": _(
        "The filter is wrong at %(place)s: %(operator)s does not compare this (%(found)s)."
    ),
    "cql_not_json": _("The filter is wrong at %(place)s: it is not JSON as CQL2 JSON needs it."),
    "cql_number": _("The filter is wrong at %(place)s: this number is too large or not finite."),
    "cql_operands": _("The filter is wrong at %(place)s: %(name)s needs %(count)s operands."),
    "cql_out_of_range": _(
        "The filter is wrong at %(place)s: a position does not exist; mind the CRS and its order of axes."
    ),
    "cql_pattern": _("The filter is wrong at %(place)s: LIKE needs a text in quotes."),
    "cql_pattern_end": _(
        "The filter is wrong at %(place)s: the pattern ends with a backslash that escapes nothing."
    ),
    "cql_timestamp": _(
        "The filter is wrong at %(place)s: write a moment like TIMESTAMP('2026-05-01T12:00:00Z')."
    ),
    "cql_too_deep": _("The filter is wrong at %(place)s: it is nested more than %(max)s deep."),
    "cql_too_large": _("The filter is wrong at %(place)s: it has more than %(max)s parts of this kind."),
    "cql_too_long": _("The filter is longer than %(max)s characters."),
    "cql_type": _("The filter is wrong at %(place)s: this is of type %(found)s, but %(wanted)s is needed."),
    "cql_unclosed": _("The filter is wrong at %(place)s: this quotation mark is not closed."),
    "cql_unexpected": _("The filter is wrong at %(place)s: “%(found)s” is not expected here."),
    "cql_unknown_function": _(
        "The filter is wrong at %(place)s: there is no function or operator “%(name)s”."
    ),
    "cql_unknown_property": _(
        "The filter is wrong at %(place)s: there is no attribute “%(name)s”. Names with a hyphen need double quotes. "
        "There are: %(known)s."
    ),
    "changed_meanwhile": _("Somebody changed this meanwhile. Please read it again and repeat your change."),
    "code_differs": _("The code is that of the address and cannot be changed. Please leave it out."),
    "crs_not_offered": _("This coordinate reference system is not offered. Give one of: %(choices)s."),
    "cursor_invalid": _(
        "This link to the next page is damaged or belongs to other filters; start at the first page."
    ),
    "dates_malformed": _(
        "Give a date (2026-05-01), a date-time with time zone, or an interval such as 2026-05-01/..."
    ),
    "dates_out_of_range": _("The dates must lie between the years 1900 and 2200."),
    "dates_reversed": _("The interval ends before it begins."),
    "export_gone": _(
        "This file has been removed: its time was up, or its contributions have changed. Start anew."
    ),
    "export_needs_job": _(
        "This is too much to be written at once: %(number)s contributions, %(limit)s is the limit. "
        "Send the same options by POST to %(address)s, and fetch the file when it is ready."
    ),
    "responses_need_job": _(
        "This is too much to be written at once: more than %(limit)s responses. "
        'Send "what": "responses" and the same options by POST to %(address)s, and fetch the file when it is ready.'
    ),
    "export_not_ready": _("The file is not ready yet."),
    "exports_busy": _("Too many files are being made already. Try again in a few minutes."),
    "foreign_origin": _("Another web site must not send this in your name."),
    "id_differs": _("The id is that of the address. Please leave it out."),
    "link_not_valid": _(
        "This private link is wrong, has expired or was revoked. Please ask whoever gave it to you for a new one."
    ),
    "link_reads_only": _("A private link only reads. Please send an access token to write."),
    "proof_is_old": _(
        "Please prove once more that it is you (/accounts/again/), then fetch the file: its data are protected."
    ),
    "page_needs_proof": _(
        "Please prove once more that it is you (/accounts/again/), or read at most %(limit)s at once (limit): these "
        "data are protected."
    ),
    "token_reads_only": _("This access token may only read. Please use one that may write."),
    "not_found": _("There is nothing here."),
    "not_a_feature": _("Send one GeoJSON Feature."),
    "not_a_moment": _("Give a full date-time with time zone, such as 2026-05-01T00:00:00+02:00."),
    "not_a_uuid": _("The id must be a UUID."),
    "not_a_whole_number": _("Give a whole number from %(minimum)s to %(maximum)s."),
    "no_cells_in_format": _("The areas of a protected campaign cannot be written in this format."),
    "not_author": _("Only the author may do this."),
    "not_in_this_format": _("This format takes along only: %(choices)s."),
    "publishes_cells": _("This campaign protects its participants: single contributions are not public."),
    "repeated": _("Give this only once."),
    "takes_too_long": _(
        "This takes too long to find. Please narrow it, for example by bbox, datetime or category, or ask for less."
    ),
    "too_many_columns": _(
        "These are more columns than the format %(format)s can hold. Please choose CSV, or SPSS."
    ),
    "too_large_for_format": _("This is more than the format %(format)s can hold. Choose GeoPackage."),
    "unknown_category": _("This campaign has no category with this name."),
    "unknown_choice": _("Give one of: %(choices)s."),
    "release_changed": _("A new state was published meanwhile; start at the first page."),
    "unknown_property": _("There is no such attribute here. Give one of: %(choices)s."),
    "unknown_short_name": _(
        "There is nothing public with this short name. It stands at the end of its address."
    ),
    "unknown_member": _("There is no such member here. Known are: %(known)s."),
    "unknown_parameter": _("This address knows no such parameter. It knows: %(known)s."),
    "unexpected": _("Something went wrong on our side."),
    "value_required": _("This must not be missing."),
    "worker_lost": _("Writing the file was interrupted three times. Try again later."),
    "wrong_type": _("This is not of the right type."),
}


def sentence(code: str, params: Mapping[str, object]) -> str:
    """A translated sentence that says what to do."""
    own = _SENTENCES.get(code)
    return str(own) % dict(params) if own is not None else messages.sentence(code, params)
