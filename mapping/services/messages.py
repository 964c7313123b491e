"""The one table of error messages: a plain sentence per code that explains what to do.

Codes come from `mapping.geo.errors`, from the services and from the packages above; apps above enter theirs with
`enter_sentences`. Parameters are interpolated as `%(name)s`, dates and numbers localised.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format, localize, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.services.paper.sentences import PAPER
from mapping.services.retained.sentences import RETAINED
from mapping.services.setup.asking.sentences import ASKING
from mapping.services.setup.city.sentences import CITY
from mapping.services.setup.sentences import SETUP
from mapping.services.signing_in.sentences import SIGNING_IN
from mapping.services.surveys.sentences import COMPARING
from mapping.wording import last_whole_day

_PLACE: dict[str, str | Promise] = {
    "geometry_required": _("Please mark the place on the map, or search for an address."),
    "geometry_not_wanted": _(
        "In this category no place is asked for. Please send your contribution without one."
    ),
    "outside_area": _(
        "This place lies outside the area of this campaign. Please choose a place inside the outline."
    ),
    "outside_grid": _("This place lies outside Europe. Please check the coordinates."),
    "swapped_axes_suspected": _(
        "Longitude and latitude seem to be swapped (%(lon)s, %(lat)s). Please give the longitude first."
    ),
    "self_intersection": _("The outline crosses itself. Please draw the area again without crossing lines."),
    "invalid_geometry": _("This drawing cannot be used. Please draw it again."),
    "too_many_vertices": _("The drawing has too many points. Please draw it with at most %(max)s points."),
    "too_few_positions": _("The drawing has too few points: at least %(minimum)s are needed."),
    "too_large": _("The drawing covers too large an area. Please draw a smaller one."),
    "type_not_allowed": _(
        "This category does not take this kind of place. Please choose another way to draw."
    ),
    "unknown_type": _("The kind of place is not known. Please send a GeoJSON point, line or polygon."),
    "empty": _("The place has no coordinates. Please mark it on the map again."),
    "several_parts": _("The place has several parts. They can be split into single places, or joined."),
    "wrong_axis": _("The value “%(text)s” is a latitude where a longitude is expected, or the reverse."),
    "not_a_number": _("A coordinate is not a number. Please write coordinates like 7.7689 and 49.4447."),
    "not_finite": _("A number is not finite. Please write numbers like 7.7689."),
    "out_of_range": _(
        "The position %(lon)s, %(lat)s does not exist. Longitudes go from -180 to 180, latitudes from -90 to 90."
    ),
    "not_two_dimensional": _("A position needs exactly two numbers, longitude and latitude."),
    "ring_not_closed": _("The outline of the area is not closed. It must end where it begins."),
    "not_a_list": _("Coordinates must be given as a list."),
    "not_an_object": _("The place must be a GeoJSON geometry."),
    "missing": _("The value %(member)s is missing. Please add it."),
    "member_not_allowed": _("A geometry must not have the member %(member)s. Please leave it out."),
    "crs_member_not_supported": _(
        "Coordinates are always longitude and latitude (WGS 84). Please leave the member crs out."
    ),
    "crs_transform_failed": _("The coordinates cannot be converted from %(source)s to %(target)s."),
    "crs_unknown": _(
        "The coordinate system %(crs)s is not known. Please name an EPSG code, for example EPSG:25832."
    ),
    "bbox_inverted": _("The south of the box lies north of its north. Please give west, south, east, north."),
    "bbox_malformed": _("Please give the box as four numbers separated by commas: west,south,east,north."),
    "bbox_not_finite": _("Please give the box in finite numbers."),
    "bbox_out_of_range": _("The box leaves the range of longitude (-180 to 180) or latitude (-90 to 90)."),
    "unknown_size": _("Cells of this size do not exist. Please choose one of: %(choices)s."),
    "unknown_status": _("This status does not exist. Please choose one of the list."),
    "dates_inverted": _("The last day lies before the first one. Please exchange them."),
    "too_many_cells": _(
        "These would be more than %(limit)s cells. Please choose larger ones: cells of %(smallest)s m are few enough."
    ),
    "unknown_grid": _("This kind of cells does not exist. Please choose one of: %(choices)s."),
    "unknown_measure": _("This cannot be counted. Please choose one of: %(choices)s."),
    "unknown_source": _("Contributions do not come in this way. Please choose one of: %(choices)s."),
    "unknown_reply": _("The city does not reply this way. Please choose one of: %(choices)s."),
    "unknown_weekday": _(
        "Please give the days of the week as numbers from 1 (Monday) to 7, for example 6,7."
    ),
    "unknown_hours": _(
        "Please give the hours of the day as first-last from 0 to 24, for example 20-6; the last one is excluded."
    ),
    "question_missing": _("A mean needs the question whose answers are meant."),
    "no_such_question": _("This campaign has no question of this name that can be counted."),
    "question_not_numeric": _("The answers to this question are no numbers, so that they have no mean."),
    "question_without_choices": _(
        "The answers to this question are free, so that they cannot be chosen from."
    ),
    "unknown_answer": _("This is no answer to the question. Please choose one of: %(choices)s."),
    "not_a_range": _(
        "Please give one answer or a range with both ends included, for example 5/20, 5/.. or ../20; times like 20:00 "
        "and days like 2026-05-31."
    ),
    "no_such_part": _("Please name what is measured of this question. Please choose one of: %(choices)s."),
    "unknown_cell": _("This cell does not exist in the chosen grid."),
    "no_districts": _("This campaign has no districts."),
    "unknown_district": _("This district does not exist here. Please choose one of: %(choices)s."),
    "not_a_zoom": _("The zoom must be a number from 0 to %(max)s."),
}
_STATISTICS: dict[str, str | Promise] = {
    "too_few_participants": _(
        "Fewer than %(fewest)s people stand behind these contributions (%(number)s). A test of significance would say "
        "more about who happened to take part than about the city."
    ),
    "band_too_large": _("So many neighbours cannot be compared. Please choose a smaller distance."),
    "too_many_places": _("These are more than %(limit)s places. Please narrow the filter."),
    "clusters_too_dense": _(
        "Within %(eps)s m too many places are neighbours of each other. Please choose a smaller distance or narrow the "
        "filter."
    ),
    "no_population": _(
        "No grid of inhabitants is known here whose cells fill squares of %(size)s m. Please choose larger squares, or "
        "have one imported."
    ),
    "bandwidth_too_small": _("Please choose a bandwidth of at least %(minimum)s m, the size of the cells."),
    "surface_too_wide": _(
        "These contributions lie too far apart for one surface. Please choose larger cells or narrow the filter."
    ),
    "periods_overlap": _("The two periods overlap. Please choose days that belong to one of them only."),
    "period_open": _("Please give both ends of the period, for example 2026-05-01/2026-05-31."),
    "no_releases": _(
        "This campaign publishes every contribution and has no releases. Please leave this out."
    ),
    "release_unfiltered": _(
        "To protect people, the public numbers of this campaign exist in one form only, without filters. Please leave "
        "this out."
    ),
    "not_a_level": _("Please give a level from %(minimum)s to %(maximum)s."),
}
_JSON: dict[str, str | Promise] = {
    "not_json": _("This is not JSON (at position %(position)s)."),
    "not_utf8": _("The text is not in UTF-8 (at byte %(position)s)."),
    "duplicate_key": _("The JSON repeats a key within one object (at position %(position)s)."),
    "lone_surrogate": _("The JSON contains half of a character (at position %(position)s)."),
    "nul_character": _("The JSON contains a NUL character (at position %(position)s). Please leave it out."),
    "too_deep": _("The JSON is nested too deeply (at position %(position)s)."),
}
_TEXT: dict[str, str | Promise] = {
    "required": _("Please fill in this field."),
    "not_a_text": _("This must be a text."),
    "too_long": _("This is too long. At most %(max)s characters are possible."),
    "reason_required": _("Please write a reason. The author will read it."),
}
_ANSWERS: dict[str, str | Promise] = {
    "unknown_question": _("This question is not asked here (any more). Please leave the answer out."),
    "not_an_object_of_answers": _("Answers must be given as an object with one value for each question."),
    "not_a_choice": _("Please choose one of the given answers."),
    "not_a_list_of_choices": _("Please give the chosen answers as a list."),
    "not_a_number_answer": _("Please enter a number."),
    "out_of_range_answer": _("Please enter a number from %(minimum)s to %(maximum)s."),
    "not_on_the_scale": _("Please choose a whole number from %(minimum)s to %(maximum)s."),
    "ranked_twice": _("Please give each answer one rank only."),
    "not_an_object_of_rows": _("Answers must be given as an object with one value for each statement."),
    "not_a_row": _("This statement does not exist. Please choose one of the list."),
    "rows_missing": _("Please judge every statement."),
    "nothing_to_answer": _("Here is nothing to answer. Please leave it out."),
    "not_yes_no": _("Please choose yes or no."),
    "not_a_time": _("Please enter a time of day such as 22:30."),
    "not_a_date": _("Please enter a day such as 2026-12-24."),
    "day_too_early": _("Please choose a day from %(first)s on."),
    "day_too_late": _("Please choose a day up to %(last)s."),
    "unreadable": _("This cannot be read. Please send it as the documentation describes."),
    "unknown_category": _("This category does not exist here. Please choose one of the list."),
}
_PHOTOS: dict[str, str | Promise] = {
    "photo_empty": _("The photo is empty. Please choose another file."),
    "photo_too_large": _("The photo is too large. At most %(max)s MB are possible."),
    "photo_too_many_pixels": _("The photo has too many pixels. At most %(max)s megapixels are possible."),
    "photo_heic": _(
        "HEIC photos cannot be read. Please choose a JPEG, PNG or WebP file, or save the photo as JPEG first."
    ),
    "not_a_photo": _("This file is not a photo that can be read. Please choose a JPEG, PNG or WebP file."),
    "photo_damaged": _("The photo is damaged or incomplete. Please choose another file."),
    "too_many_photos": _("At most %(max)s photos are possible."),
    "alt_missing": _("Please describe in words what the picture shows."),
    "photos_off": _("This campaign takes no photos."),
}
_PERMISSION: dict[str, str | Promise] = {
    "campaign_draft": _("This campaign is still being prepared."),
    "campaign_upcoming": _("This campaign has not begun yet. You can take part from %(opens_at)s."),
    "phase_closed": _("This is not possible in the present phase of the campaign: %(phase)s."),
    "between_phases": _("This is not possible now. The next phase has not begun yet."),
    "phases_over": _("This is not possible any more. The last phase is over."),
    "no_survey": _("This campaign has no survey."),
    "already_answered": _("You have answered this survey already. You can change your answers."),
    "campaign_closed": _("This campaign ended on %(closes_at)s. Thank you for your interest!"),
    "category_closed": _(
        "The places of this category come from the city. You can comment on them and support them."
    ),
    "comments_off": _("Comments are not open here."),
    "support_off": _("Support is not open here."),
    "opposition_off": _("In this campaign you can support contributions, but not oppose them."),
    "not_an_opinion": _("Please say 1 (for), -1 (against) or 0 (neither)."),
    "not_public": _("This contribution is not public."),
    "not_author": _("Only its author can change this contribution. Please use your private link."),
    "not_member": _("You do not work on this campaign. Please ask its manager."),
    "not_a_moderator": _("Please choose somebody who moderates this campaign."),
    "too_many_tags": _("At most %(max)s tags are possible. Please merge or delete some first."),
    "tag_name_taken": _("This survey has a tag with this name already."),
    "other_tag_needed": _("Please choose another tag of this survey."),
    "tag_gone": _("This tag was deleted meanwhile."),
    "tags_needed": _("Please choose at least one tag; a tag may have been deleted meanwhile."),
    "no_texts_chosen": _("Nothing was selected. Tick the boxes in the list first."),
    "too_many_texts": _("These are too many texts at once; at most %(max)s are possible."),
    "too_many_templates": _("At most %(max)s templates are possible. Please delete one first."),
    "not_own_decision": _("This was decided by somebody else. You can decide anew instead."),
    "not_manager": _("Only managers of this campaign may write here."),
    "not_manager_of_layer": _(
        "Other campaigns use these districts too: only who manages all of them may change districts."
    ),
    "not_city_drawn": _("This did not come from the city. What people contributed is not changed this way."),
    "code_taken": _("Another district has this code already."),
    "not_in_future": _("Please choose a day that lies ahead."),
    "not_your_link": _("Only who made this link, or a manager of the campaign, can revoke it."),
    "wrong_status": _("This is not possible in its present status. Please load the page again."),
    "status_changed": _("Somebody else has decided about this meanwhile. Please load the page again."),
    "unknown_reply_status": _("Please choose one of the given statuses."),
    "gone": _("This is not here any more."),
    "no_such_comment": _("The comment that you answer is not here any more."),
    "answer_to_answer": _("Answers cannot be answered. Please write yours below the first comment."),
    "unknown_flag_reason": _("Please choose a reason."),
    "flag_unexplained": _("Please explain what is wrong with it."),
    "withdrawn": _("This was withdrawn by its author."),
    "id_taken": _("Something else has this id already. Please send yours with a new id."),
    "too_many_requests": _("You were very busy! Please wait %(retry_after)s seconds and try again."),
    "proof_needed": _(
        "Very much is coming in at the moment. Please wait %(retry_after)s seconds and try again."
    ),
    "storage_full": _(
        "This cannot be stored at the moment, because there is no space left. The fault is noted. Please keep what you "
        "wrote and try again later, or without photos."
    ),
    "storage_unavailable": _(
        "This cannot be stored at the moment, because a disk cannot be written. The fault is noted. Please keep what "
        "you wrote and try again later, or without photos."
    ),
    "refused": _("This was refused: %(message)s"),
    "invalid": _("Something is not right yet. Please check the marked fields."),
}
SENTENCES: dict[str, str | Promise] = (
    _PLACE
    | _STATISTICS
    | _JSON
    | _TEXT
    | _ANSWERS
    | _PHOTOS
    | _PERMISSION
    | dict(SETUP)
    | dict(ASKING)
    | dict(CITY)
    | dict(COMPARING)
    | dict(RETAINED)
    | dict(PAPER)
    | dict(SIGNING_IN)
)
_FALLBACK = _("This could not be accepted. Please check it and try again.")


class _Written(dict[str, str]):
    """Localised parameters; a missing one must not cause an error."""

    def __missing__(self, key: str) -> str:
        return "?"


_ENDS: Final = frozenset({"closes_at"})
"""Parameters that are ends of periods: midnight is shown as the day before."""


def enter_sentences(sentences: Mapping[str, str | Promise]) -> None:
    """Enter the sentences of an app above, in `AppConfig.ready()`; a code has one sentence."""
    for code, words in sentences.items():
        if SENTENCES.setdefault(code, words) is not words:
            raise ValueError(f"The code {code} has two sentences.")


def sentence(code: str, params: Mapping[str, object] | None = None) -> str:
    """Return the message for a code in the active language; never raises."""
    return filled(SENTENCES.get(code, _FALLBACK), params or {})


def filled(template: str | Promise, params: Mapping[str, object]) -> str:
    """Fill a template with localised parameters; never raises."""
    return str(template) % _Written({name: _written(value, name) for name, value in params.items()})


def _written(value: object, name: str = "") -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        if name in _ENDS and (last := last_whole_day(local)) is not None:
            return date_format(last, "DATE_FORMAT")
        return f"{date_format(local, 'DATE_FORMAT')}, {time_format(local, 'TIME_FORMAT')}"
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, int | float):
        return str(localize(value))
    return str(value)
