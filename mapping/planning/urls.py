"""The planners' addresses, all behind the login."""

from django.urls import include, path

from doors.views import changing_password
from mapping.planning import account
from mapping.planning.audit import files as audit_files
from mapping.planning.audit import page as audit_page
from mapping.planning.campaigns import (
    access_links,
    comparison,
    numbers,
    outreach,
    protection,
    releases,
    representation,
    response_files,
    survey,
)
from mapping.planning.campaigns import start as campaigns
from mapping.planning.city import boundary as city_boundary
from mapping.planning.city import history as city_history
from mapping.planning.city import page as city
from mapping.planning.heatmap import cell as heatmap_cell
from mapping.planning.heatmap import page as heatmap
from mapping.planning.heatmap import places as heatmap_places
from mapping.planning.heatmap import report
from mapping.planning.imports import page as imports
from mapping.planning.imports import run as imports_run
from mapping.planning.moderation import colleagues, decisions, editing, overview, queue, reported, undoing
from mapping.planning.paper import responses as paper_responses
from mapping.planning.paper import sheets as paper_sheets
from mapping.planning.setup import area as setup_area
from mapping.planning.setup import frame as setup
from mapping.planning.setup import history as setup_history
from mapping.planning.setup import new as setup_new
from mapping.planning.setup import people as setup_people
from mapping.planning.setup import period as setup_period
from mapping.planning.setup import places as setup_places
from mapping.planning.setup import preview as setup_preview
from mapping.planning.setup import publication as setup_publication
from mapping.planning.setup import publish as setup_publish
from mapping.planning.setup import retention as setup_retention
from mapping.planning.setup import texts as setup_texts
from mapping.planning.setup import xlsform as setup_xlsform

app_name = "planning"

urlpatterns = [
    path("", campaigns.campaigns, name="campaigns"),
    path("waiting/", overview.waiting, name="waiting"),
    path("new/", setup_new.new, name="new"),
    path("city/", city.page, name="city"),
    path("city/look/", city.look, name="city-look"),
    path("city/look.css", city.look_css, name="city-look-css"),
    path("city/boundary/", city_boundary.boundary, name="city-boundary"),
    path("city/history/", city_history.history, name="city-history"),
    path("city/history/undo/", city_history.undo, name="city-undo"),
    path("audit/", audit_page.page, name="audit"),
    path("audit.csv", audit_files.file, {"ending": "csv"}, name="audit-csv"),
    path("audit.ndjson", audit_files.file, {"ending": "ndjson"}, name="audit-ndjson"),
    path("account/", account.account, name="account"),
    path("account/digest/", account.digest, name="digest"),
    path("account/tokens/<int:pk>/revoke/", account.revoke, name="revoke-token"),
    path("account/password/", changing_password(account.password), name="password"),
    path("<slug:slug>/setup/", setup.start, name="setup"),
    path("<slug:slug>/setup/texts/", setup_texts.texts, name="setup-texts"),
    path("<slug:slug>/setup/area/", setup_area.area, name="setup-area"),
    path("<slug:slug>/setup/period/", setup_period.period, name="setup-period"),
    path("<slug:slug>/setup/places/", setup_places.places, name="setup-places"),
    path("<slug:slug>/setup/places/order/", setup_places.move, name="setup-places-order"),
    path("<slug:slug>/setup/places/<uuid:pk>/", setup_places.place, name="setup-place"),
    path("<slug:slug>/setup/places/<uuid:pk>/delete/", setup_places.delete_place, name="setup-place-delete"),
    path("<slug:slug>/setup/", include("mapping.planning.setup.asking.urls")),
    path("<slug:slug>/setup/", include("mapping.planning.setup.translating.urls")),
    path("<slug:slug>/setup/questions/xlsform/", setup_xlsform.start, name="setup-xlsform"),
    path("<slug:slug>/setup/questions/xlsform/form.xlsx", setup_xlsform.download, name="setup-xlsform-file"),
    path(
        "<slug:slug>/setup/questions/xlsform/<uuid:upload>/", setup_xlsform.check, name="setup-xlsform-check"
    ),
    path(
        "<slug:slug>/setup/questions/xlsform/<uuid:upload>/discard/",
        setup_xlsform.discard,
        name="setup-xlsform-discard",
    ),
    path("<slug:slug>/setup/publication/", setup_publication.publication, name="setup-publication"),
    path("<slug:slug>/setup/protection/<slug:name>.<slug:ending>", protection.paper, name="protection-paper"),
    path("<slug:slug>/setup/retention/", setup_retention.retention, name="setup-retention"),
    path("<slug:slug>/setup/people/", setup_people.people, name="setup-people"),
    path("<slug:slug>/setup/people/<int:pk>/remove/", setup_people.remove, name="setup-remove-member"),
    path("<slug:slug>/setup/people/invite/", setup_people.invite, name="setup-invite"),
    path("<slug:slug>/setup/publish/", setup_publish.check, name="setup-publish"),
    path("<slug:slug>/setup/publish/now/", setup_publish.publish, name="setup-do-publish"),
    path("<slug:slug>/setup/publish/back/", setup_publish.unpublish, name="setup-unpublish"),
    path("<slug:slug>/setup/preview/", setup_preview.preview, name="setup-preview"),
    path("<slug:slug>/setup/history/", setup_history.history, name="setup-history"),
    path("<slug:slug>/setup/history/undo/", setup_history.undo, name="setup-undo"),
    path("<slug:slug>/queue/", queue.queue, name="queue"),
    path("<slug:slug>/queue/decide/", decisions.decide, name="decide"),
    path("<slug:slug>/queue/keep/", reported.keep, name="keep-reported"),
    path("<slug:slug>/queue/bulk/", decisions.decide_many, name="decide-many"),
    path("<slug:slug>/queue/reply/", colleagues.reply_to_many, name="reply-to-many"),
    path("<slug:slug>/queue/templates/", colleagues.save_template, name="save-template"),
    path("<slug:slug>/queue/templates/<int:pk>/delete/", colleagues.delete_template, name="delete-template"),
    path("<slug:slug>/queue/events/<int:pk>/erase/", colleagues.erase_original, name="erase-original"),
    path("<slug:slug>/queue/<uuid:pk>/note/", colleagues.note, name="note"),
    path("<slug:slug>/queue/<uuid:pk>/assign/", colleagues.assign, name="assign"),
    path("<slug:slug>/queue/undo/", undoing.undo_decision, name="undo"),
    path("<slug:slug>/queue/<uuid:pk>/edit/", editing.edit, name="edit"),
    path("<slug:slug>/queue/<uuid:pk>/reply/", decisions.reply, name="reply"),
    path("<slug:slug>/heatmap/", heatmap.page, name="heatmap"),
    path("<slug:slug>/heatmap/charts/", heatmap.charts, name="heatmap-charts"),
    path("<slug:slug>/heatmap/cell/", heatmap_cell.cell, name="heatmap-cell"),
    path("<slug:slug>/heatmap/places/", heatmap_places.places, name="heatmap-places"),
    path("<slug:slug>/heatmap/report.html", report.report, name="heatmap-report"),
    path("<slug:slug>/heatmap/picture.png", report.picture, name="heatmap-picture"),
    path("<slug:slug>/outreach/", outreach.outreach, name="outreach"),
    path("<slug:slug>/outreach/poster.pdf", outreach.poster, name="poster"),
    path("<slug:slug>/areas/", releases.areas, name="areas"),
    path("<slug:slug>/survey/paper/", paper_responses.paper, name="paper"),
    path("<slug:slug>/survey/paper/<uuid:pk>/delete/", paper_responses.delete_sheet, name="paper-delete"),
    path("<slug:slug>/paper/", paper_sheets.sheets, name="map-sheets"),
    path("<slug:slug>/paper/batch/", paper_sheets.end, name="map-sheets-end"),
    path("<slug:slug>/paper/<uuid:pk>/", paper_sheets.correct, name="map-sheet"),
    path("<slug:slug>/paper/<uuid:pk>/delete/", paper_sheets.delete, name="map-sheet-delete"),
    path("<slug:slug>/numbers/", numbers.numbers, name="numbers"),
    path("<slug:slug>/numbers/opinions.csv", numbers.opinions_csv, name="opinions-csv"),
    path("<slug:slug>/survey/", survey.survey, name="survey"),
    path("", include("mapping.planning.surveys.urls")),
    path("<slug:slug>/survey/file/", response_files.order_file, name="survey-file"),
    path("<slug:slug>/who/", representation.representation, name="representation"),
    path("<slug:slug>/who/<slug:question>/", comparison.comparison, name="comparison"),
    path("<slug:slug>/who/<slug:question>/drop/", comparison.drop, name="comparison-drop"),
    path("<slug:slug>/access/", access_links.access, name="access"),
    path("<slug:slug>/access/<int:pk>/revoke/", access_links.revoke, name="revoke-access"),
    path("<slug:slug>/imports/", imports.start, name="imports"),
    path("<slug:slug>/imports/<uuid:upload>/", imports.mapping, name="import"),
    path("<slug:slug>/imports/<uuid:upload>/places/", imports.places, name="import-places"),
    path("<slug:slug>/imports/<uuid:upload>/discard/", imports.discard, name="import-discard"),
    path("<slug:slug>/imports/<uuid:upload>/check/", imports_run.check, name="import-check"),
    path("<slug:slug>/imports/<uuid:upload>/store/", imports_run.store, name="import-store"),
    path("<slug:slug>/imports/<uuid:upload>/result/", imports_run.result, name="import-result"),
    path("<slug:slug>/imports/<uuid:upload>/rejected.csv", imports_run.rejected, name="import-rejected"),
    # Last: a campaign may have the same short name.
    path("invitation/<str:token>/", setup_people.invitation, name="invitation"),
]
