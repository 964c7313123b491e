"""Kinds of the import page: contributions, and places drawn by the city."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mapping.imports.contributions import ImportOptions, import_contributions
from mapping.imports.matching import Categories
from mapping.imports.problems import TableProblem
from mapping.imports.reading.columns import guessed
from mapping.imports.reading.dates import DateForm, zone_of
from mapping.imports.reading.rows import Table
from mapping.models import Campaign, ContributionStatus, Source
from mapping.models import Question as CampaignQuestion
from mapping.planning.imports.form import (
    Given,
    Option,
    Question,
    Section,
    Value,
    check,
    field_select,
    problem_sentence,
    select,
    text,
)
from mapping.planning.imports.kinds import ADDRESSES, AREA, DISTRICTS, POPULATION, Job, Kind, Steps
from mapping.planning.imports.preview import MOST_VALUES, Preview, columns_of
from mapping.wording import in_words_number

AS_IT_IS: Final = "="
LEFT_OUT: Final = "-"
_DATE_FORMS: Final = {
    DateForm.ANY: gettext_lazy("Recognised by itself"),
    DateForm.DAY_FIRST: gettext_lazy("Day first: 31.12.2026, 31/12/2026"),
    DateForm.MONTH_FIRST: gettext_lazy("Month first: 12/31/2026"),
    DateForm.ISO: gettext_lazy("Year first: 2026-12-31"),
    DateForm.UNIX: gettext_lazy("Seconds since 1970 (Unix)"),
    DateForm.UNIX_MILLISECONDS: gettext_lazy("Milliseconds since 1970"),
    DateForm.EXCEL: gettext_lazy("Numbers of days as in Excel"),
}
_ZONES: Final = ("Europe/Berlin", "UTC", "Europe/London", "America/New_York")
_STATUSES: Final = (ContributionStatus.PUBLISHED, ContributionStatus.PENDING)


# --- contributions --------------------------------------------------------------------------------------------------


def _guess(fields: Sequence[str], _name: str) -> dict[str, str | None]:
    return {
        "category_field": guessed("category", fields),
        "create": "1",
        "id_field": guessed("id", fields),
        "time_field": guessed("time", fields),
        "text_field": guessed("text", fields),
        "status": ContributionStatus.PUBLISHED.value,
    }


def _ask(campaign: Campaign, _user: User, preview: Preview, given: Given) -> list[Section]:
    fields = preview.fields
    meaning = [
        field_select("text_field", _("Text"), given, fields, empty=_("Not in the file")),
        field_select("time_field", _("When it was made"), given, fields, empty=_("Now"), reloads=True),
        *_date_questions(preview, given),
        field_select(
            "id_field",
            _("Id"),
            given,
            fields,
            empty=_("The whole row"),
            help=_("Tells rows apart, so that the same file stores nothing twice."),
        ),
        field_select(
            "participant_field",
            _("Person"),
            given,
            fields,
            empty=_("Not known"),
            help=_("Only a keyed hash is kept."),
        ),
        check("without_place", _("Take rows without a place"), given),
    ]
    statuses = [(one.value, str(one.label)) for one in _STATUSES]
    sections = [
        Section(_("What the fields mean"), meaning),
        _category_section(campaign, preview, given),
        Section(_("How they are stored"), [select("status", _("Status"), given, statuses)]),
    ]
    answers = _answer_questions(campaign, fields, given)
    if answers:
        help_text = _(
            "Answers to choose from may be written by value or title, several of them separated by a semicolon."
        )
        sections.insert(2, Section(_("Answers"), answers, help_text))
    return sections


def _date_questions(preview: Preview, given: Given) -> list[Question]:
    """Questions about the date format of the chosen field."""
    if given.text("time_field") not in preview.fields:
        return []
    forms = [(form.value, str(title)) for form, title in _DATE_FORMS.items()]
    zone = text(
        "time_zone",
        _("Time zone"),
        given if given.text("time_zone") else given.but(time_zone=settings.TIME_ZONE),
        help=_("Of times without a time zone of their own."),
        reloads=True,
    )
    return [
        select(
            "date_form",
            _("How dates are written"),
            given.but(date_form=given.date_form().value),
            forms,
            help=preview.date_example,
            error=preview.date_problem,
            reloads=True,
        ),
        replace(zone, suggestions=[Option(name, name) for name in _ZONES]),
    ]


def _category_section(campaign: Campaign, preview: Preview, given: Given) -> Section:
    categories = list(campaign.categories.all())
    titles = [(one.slug, one.title) for one in categories]
    questions: list[Question] = [
        field_select(
            "category_field",
            _("Category from a field"),
            given,
            preview.fields,
            empty=_("The same for all rows"),
            reloads=True,
        )
    ]
    if not given.text("category_field"):
        questions += [
            select("category", _("Category"), given, titles, empty=_("A new one")),
            text("new_category", _("Title of the new category"), given),
        ]
    questions.append(
        check(
            "create",
            _("Make missing categories, and open categories for the kinds of places in the file"),
            given,
        )
    )
    help_text = ""
    values: list[Value] = []
    if len(preview.values) > MOST_VALUES:
        help_text = _("This field has more than %(number)s different values: hardly a category.") % {
            "number": in_words_number(MOST_VALUES)
        }
    else:
        matched = Categories(campaign)
        values = [
            Value(number, value, rows, _options_of(value, titles, matched, _assigned(given).get(value)))
            for number, (value, rows) in enumerate(preview.values)
        ]
    return Section(_("Category"), questions, help_text, values)


def _options_of(
    value: str, titles: Sequence[tuple[str, str]], matched: Categories, chosen: str | None
) -> list[Option]:
    """Target options of a value of the category field; by default the category of that name or a new one."""
    found = matched.find(value) if value else None
    chosen = chosen or (found.slug if found else AS_IT_IS)
    options = [Option(slug, title, slug == chosen) for slug, title in titles]
    if found is None:
        new = _("New category “%(title)s”") % {"title": value[:60]}
        options.insert(0, Option(AS_IT_IS, new, chosen == AS_IT_IS))
    return [*options, Option(LEFT_OUT, _("Leave these rows out"), chosen == LEFT_OUT)]


def _assigned(given: Given) -> dict[str, str]:
    """The chosen category per value of the form: `value-3` holds the value itself, `as-3` the choice."""
    assigned = {}
    for number in range(MOST_VALUES + 1):
        value, chosen = given.text(f"value-{number}"), given.text(f"as-{number}")
        if value and chosen:
            assigned[value] = chosen
    return assigned


def _answer_questions(campaign: Campaign, fields: Sequence[str], given: Given) -> list[Question]:
    asked: dict[str, str] = {}
    for one in CampaignQuestion.objects.filter(category__campaign=campaign).order_by(
        "category", "position", "pk"
    ):
        asked.setdefault(one.slug, one.title)
    return [
        field_select(f"answer-{slug}", title, given, fields, empty=_("Not in the file"))
        for slug, title in list(asked.items())[:100]
    ]


def _errors(campaign: Campaign, _user: User, given: Given) -> dict[str, str]:
    wrong = _title_errors(given)
    if not given.text("category_field") and not given.text("category") and not given.text("new_category"):
        wrong["category"] = _("Please choose a category for the rows.")
    try:
        zone_of(given.name("time_zone"))
    except TableProblem as problem:
        wrong["time_zone"] = problem_sentence(problem)
    if given.text("status") not in _STATUSES:
        wrong["status"] = _("This status does not exist. Please choose one of the list.")
    return wrong | _unknown_category(campaign, given)


def _title_errors(given: Given) -> dict[str, str]:
    if len(given.text("new_category")) <= 120:
        return {}
    return {"new_category": _("This is too long. At most %(max)s characters are possible.") % {"max": 120}}


def _unknown_category(campaign: Campaign, given: Given) -> dict[str, str]:
    chosen = given.text("category")
    if not chosen or campaign.categories.filter(slug=chosen).exists():
        return {}
    return {"category": _("This category does not exist here. Please choose one of the list.")}


def _answer_fields(given: Given) -> Mapping[str, str]:
    return {
        name.removeprefix("answer-"): given.text(name)
        for name in given.values
        if name.startswith("answer-") and given.text(name)
    }


def _run(job: Job, table: Table) -> Steps:
    given = job.given
    lon, lat = columns_of(table, given)
    category_field = given.name("category_field")
    new = not given.text("category")
    options = ImportOptions(
        lon_field=lon,
        lat_field=lat,
        crs=given.crs(),
        drop_heights=given.flag("drop_heights"),
        parts=given.parts(),
        without_place=given.flag("without_place"),
        id_field=given.name("id_field"),
        category_field=category_field,
        category=None if category_field else given.name("category") or given.name("new_category"),
        categories={
            value: "" if chosen == LEFT_OUT else chosen
            for value, chosen in _assigned(given).items()
            if chosen != AS_IT_IS
        },
        create_categories=given.flag("create") or (not category_field and new),
        time_field=given.name("time_field"),
        date_form=given.date_form(),
        time_zone=given.name("time_zone"),
        text_field=given.name("text_field"),
        participant_field=given.name("participant_field"),
        answer_fields=_answer_fields(given),
        status=given.text("status"),
    )
    return import_contributions(job.campaign, table, options, job.report, dry_run=job.dry_run)


# --- places drawn by the city ---------------------------------------------------------------------------------------


def _guess_places(fields: Sequence[str], name: str) -> dict[str, str | None]:
    text_field = guessed("text", fields) or guessed("name", fields)
    return {"text_field": text_field, "id_field": guessed("id", fields), "new_category": name[:120]}


def _ask_places(campaign: Campaign, _user: User, preview: Preview, given: Given) -> list[Section]:
    closed = [(one.slug, one.title) for one in campaign.categories.all() if not one.takes_contributions]
    meaning = [
        field_select("text_field", _("Text"), given, preview.fields, empty=_("Not in the file")),
        field_select(
            "id_field",
            _("Id"),
            given,
            preview.fields,
            empty=_("The whole row"),
            help=_("Tells rows apart, so that the same file stores nothing twice."),
        ),
    ]
    category = [
        select("category", _("Category"), given, closed, empty=_("A new one")),
        text("new_category", _("Title of the new category"), given),
    ]
    closed_help = _("People comment on these places and support them; they add none of their own.")
    return [
        Section(_("What the fields mean"), meaning),
        Section(_("Category"), category, closed_help),
    ]


def _place_errors(campaign: Campaign, _user: User, given: Given) -> dict[str, str]:
    wrong = _title_errors(given)
    chosen, new = given.text("category"), given.text("new_category")
    if not chosen and not new:
        wrong["new_category"] = _("Please give the new category a title.")
    category = Categories(campaign).find(chosen or new) if chosen or new else None
    if chosen and category is None:
        wrong["category"] = _("This category does not exist here. Please choose one of the list.")
    elif category is not None and category.takes_contributions:
        wrong["category" if chosen else "new_category"] = _(
            "Citizens add to this category. Please choose another one for what the city draws."
        )
    return wrong


def _run_places(job: Job, table: Table) -> Steps:
    given = job.given
    lon, lat = columns_of(table, given)
    options = ImportOptions(
        lon_field=lon,
        lat_field=lat,
        crs=given.crs(),
        drop_heights=given.flag("drop_heights"),
        parts=given.parts(),
        id_field=given.name("id_field"),
        category=given.name("category") or given.name("new_category"),
        create_categories=True,
        text_field=given.name("text_field"),
        source=Source.CITY,
    )
    return import_contributions(job.campaign, table, options, job.report, dry_run=job.dry_run)


CONTRIBUTIONS: Final = Kind(
    "contributions",
    gettext_lazy("Contributions"),
    gettext_lazy(
        "Reports, survey answers or places from an earlier participation, with their texts and dates."
    ),
    "speech",
    _guess,
    _ask,
    _errors,
    _run,
    is_whole=False,
)
PLACES: Final = Kind(
    "places",
    gettext_lazy("Places that the city drew"),
    gettext_lazy("Lines, points or areas that are up for discussion, such as planned cycle routes."),
    "line",
    _guess_places,
    _ask_places,
    _place_errors,
    _run_places,
    is_whole=False,
)
KINDS: Final = {one.slug: one for one in (CONTRIBUTIONS, PLACES, AREA, DISTRICTS, ADDRESSES, POPULATION)}
"""Kinds by slug, in the order of the page."""
