"""The planners' pages, all behind the login."""

from typing import Final

from django.urls import path

from texts.planning import importing, publishing, sections, suggestions, texts

app_name = "texts-planning"

_SETUP: Final = "<slug:slug>/setup/text/"
_TEXT: Final = f"{_SETUP}<slug:category>/"
_SECTION: Final = f"{_TEXT}sections/<uuid:section>/"

urlpatterns = [
    path("<slug:slug>/suggestions/", suggestions.suggestions, name="suggestions"),
    path("<slug:slug>/suggestions/<uuid:suggestion>/", suggestions.suggestion, name="suggestion"),
    path(_SETUP, texts.texts, name="setup"),
    path(f"{_TEXT}make/", texts.make, name="make"),
    path(f"{_TEXT}remove/", texts.remove, name="remove"),
    path(f"{_TEXT}sections/", sections.sections, name="sections"),
    path(f"{_TEXT}new-section/", sections.new_section, name="section-new"),
    path(_SECTION, sections.section, name="section"),
    path(f"{_SECTION}drop/", sections.drop, name="section-drop"),
    path(f"{_SECTION}back/", sections.back, name="section-back"),
    path(f"{_TEXT}discard/", sections.discard, name="discard"),
    path(f"{_TEXT}import/", importing.import_text, name="import"),
    path(f"{_TEXT}import/confirm/", importing.confirm, name="import-confirm"),
    path(f"{_TEXT}publish/", publishing.publication, name="publish"),
]
