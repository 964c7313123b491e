"""The citizens' pages."""

from django.urls import path

from texts.web import suggest, text, versions

_TEXTS = "campaigns/<slug:slug>/texts/"
_TEXT = f"{_TEXTS}<slug:category>/"
_SECTION = f"{_TEXT}<uuid:section>/"

urlpatterns = [
    path(_TEXTS, text.texts_page, name="texts"),
    path(_TEXT, text.text_page, name="text"),
    path(f"{_TEXT}versions/", versions.versions_page, name="text-versions"),
    path(f"{_TEXT}versions/<int:before>/<int:after>/", versions.differences_page, name="text-differences"),
    path(_SECTION, text.section_page, name="text-section"),
    path(f"{_SECTION}suggest/", suggest.suggest_page, name="text-suggest"),
]
