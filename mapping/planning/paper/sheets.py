"""Map sheets on paper: entered one after the other, listed with the batch, corrected until the batch is closed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.base_map import map_config
from mapping.forms.contribution import ContributionForm
from mapping.models import Campaign, Category, Contribution, MapSheet, PaperBatch, Source
from mapping.planning.access import log_exact_access, log_staff_answers, member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.paper.form import SheetForm
from mapping.planning.paper.frame import first_way, open_categories, paper_frame
from mapping.planning.setup.places import drawn_as
from mapping.services.errors import DomainError
from mapping.services.paper.batches import close_batch, delete_batch, next_number, open_batch, reopen_batch
from mapping.services.paper.sheets import HIGHEST_NUMBER, correct_place, delete_place, enter_place
from mapping.services.surveys.responses import LONGEST_BATCH, batch_name

_SHEETS_SHOWN: Final = 30
_BATCHES_SHOWN: Final = 60


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_enter_paper)
def sheets(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The batches; with one of them chosen, the form of its next sheet and what was entered last."""
    categories = open_categories(campaign)
    if not categories and (elsewhere := first_way(campaign)):
        return HttpResponseRedirect(elsewhere)
    sent = request.POST if request.method == "POST" else request.GET
    name = batch_name(sent.get("batch", ""))
    batch = PaperBatch.objects.filter(campaign=campaign, name=name).first() if name else None
    category = next((one for one in categories if one.slug == sent.get("category")), None)
    category = category or next(iter(categories), None)
    form = None
    is_open = batch is None or batch.closed_at is None
    # Whoever typed while a colleague closed the batch keeps what was typed.
    if category is not None and name and (is_open or request.method == "POST"):
        form = _form(request, category, batch)
        if request.method == "POST" and form.is_valid() and _store(request, campaign, name, form):
            then = request.POST.get("then")
            sheet = form.cleaned_data["sheet"] if then == "same" else None
            waits = bool(form.cleaned_data.get("waits"))
            return HttpResponseRedirect(_address(campaign, name, category, sheet, waits=waits))
    entered = [] if batch is None else _entered(batch, request.GET.get("before", ""))
    log_exact_access(request, campaign, "paper")
    return render(
        request,
        "planning/map_sheets.html",
        {
            **paper_frame(request, campaign),
            "categories": categories,
            "category": category,
            "batches": list(PaperBatch.objects.of(campaign)[:_BATCHES_SHOWN]),
            "batch": batch,
            "name": name,
            "proposed": _proposed(campaign) if not name else "",
            "longest_batch": LONGEST_BATCH,
            "entered": entered[:_SHEETS_SHOWN],
            "earlier": entered[_SHEETS_SHOWN - 1].number if len(entered) > _SHEETS_SHOWN else None,
            "may_reopen": rules.may_manage(request.user, campaign),
            **_of_form(campaign, form),
        },
        status=422 if form is not None and form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_enter_paper)
def correct(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """The form of a place that was entered; what was there stays in the record."""
    place, sheet = _called(campaign, pk)
    category = place.category
    category.campaign = campaign
    data = request.POST if request.method == "POST" else None
    form = SheetForm(category, data, stored=sheet, contribution=place)
    if data is not None and form.is_valid():
        try:
            correct_place(place, form.place(), actor=member(request))
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, _("Saved. The original stays in the record."))
            return HttpResponseRedirect(_address(campaign, sheet.batch.name, category))
    log_exact_access(request, campaign, "paper")
    log_staff_answers(request, campaign, [place], "paper")
    return render(
        request,
        "planning/map_sheet.html",
        {
            **paper_frame(request, campaign),
            "category": category,
            "sheet": sheet,
            "back": _address(campaign, sheet.batch.name, category),
            **_of_form(campaign, form),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(rules.may_enter_paper)
def delete(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Delete a place that was entered twice or wrongly; the sheet goes with its last one."""
    place, sheet = _called(campaign, pk)
    try:
        delete_place(place, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The place was deleted."))
    return HttpResponseRedirect(_address(campaign, sheet.batch.name, place.category))


@require_POST
@planners_only(rules.may_enter_paper)
def end(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Close a batch, open it again, or delete one without sheets (`do`)."""
    batch = get_object_or_404(PaperBatch, campaign=campaign, name=batch_name(request.POST.get("batch", "")))
    try:
        if request.POST.get("do") == "reopen":
            reopen_batch(batch, actor=member(request))
            messages.success(request, _("The batch can be changed again."))
        elif request.POST.get("do") == "delete":
            delete_batch(batch, actor=member(request))
            messages.success(request, _("The batch was deleted."))
            return HttpResponseRedirect(reverse("planning:map-sheets", args=(campaign.slug,)))
        else:
            close_batch(batch, actor=member(request))
            messages.success(request, _("The batch is closed."))
    except DomainError as error:
        messages.error(request, sentences(error))
    return HttpResponseRedirect(_address(campaign, batch.name))


def _form(request: HttpRequest, category: Category, batch: PaperBatch | None) -> SheetForm:
    """The form of the next sheet, or of a further place of the sheet that the address names."""
    if request.method == "POST":
        return SheetForm(category, request.POST)
    wanted = request.GET.get("sheet", "")
    stored = None
    if batch is not None and wanted.isdecimal() and int(wanted[:9]) <= HIGHEST_NUMBER:
        stored = MapSheet.objects.filter(batch=batch, number=int(wanted[:9])).first()
    last = None if batch is None else MapSheet.objects.filter(batch=batch).order_by("-pk").first()
    return SheetForm(
        category,
        sheet=next_number(batch),
        # Sheets of a pile often come from one day.
        dated_on=None if last is None else last.dated_on,
        waits=request.GET.get("waits") == "1",
        stored=stored,
    )


def _of_form(campaign: Campaign, form: ContributionForm | None) -> dict[str, object]:
    """What `planning/partials/sheet_form.html` needs."""
    return {
        "form": form,
        "geometry_type": "" if form is None else drawn_as(form.category),
        "config": map_config(campaign),
    }


def _store(request: HttpRequest, campaign: Campaign, name: str, form: SheetForm) -> bool:
    """Store the place; returns False and adds errors to the form if it was refused."""
    place = form.place()
    try:
        batch = open_batch(campaign, name, actor=member(request))
        enter_place(batch, place, actor=member(request))
    except DomainError as error:
        form.take(error)
        return False
    messages.success(request, _("Sheet %(number)s is stored.") % {"number": place.sheet})
    return True


def _entered(batch: PaperBatch, before: str) -> list[MapSheet]:
    """One sheet more than is shown, the highest numbers first, each with its places."""
    places = Contribution.objects.select_related("category").order_by("created_at", "pk")
    found = MapSheet.objects.filter(batch=batch).select_related("entered_by", "participant")
    if before.isdecimal():
        found = found.filter(number__lt=min(int(before[:9]), HIGHEST_NUMBER + 1))
    with_places = Prefetch("participant__contributions", places)
    return list(found.prefetch_related(with_places).order_by("-number")[: _SHEETS_SHOWN + 1])


def _called(campaign: Campaign, pk: UUID) -> tuple[Contribution, MapSheet]:
    found = Contribution.objects.filter(campaign=campaign, source=Source.PAPER)
    place = get_object_or_404(
        found.select_related("category", "participant__map_sheet__batch"),
        pk=pk,
        participant__map_sheet__isnull=False,
    )
    place.campaign = campaign
    assert place.participant is not None  # noqa: S101 - the query names it
    return place, place.participant.map_sheet


def _proposed(campaign: Campaign) -> str:
    """A name for the next batch: the lowest number that none has."""
    taken = set(PaperBatch.objects.filter(campaign=campaign).values_list("name", flat=True))
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _address(
    campaign: Campaign,
    batch: str,
    category: Category | None = None,
    sheet: int | None = None,
    *,
    waits: bool = False,
) -> str:
    query = {"batch": batch}
    if category is not None:
        query["category"] = category.slug
    if sheet is not None:
        query["sheet"] = str(sheet)
    if waits:
        query["waits"] = "1"
    return f"{reverse('planning:map-sheets', args=(campaign.slug,))}?{urlencode(query)}"
