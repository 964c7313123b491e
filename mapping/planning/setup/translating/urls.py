"""The addresses of the step of the languages, below those of a campaign's setup."""

from typing import Final

from django.urls import URLPattern, path

from mapping.planning.setup.translating import files, languages, table

_LANGUAGE: Final = "languages/<slug:language>/"

urlpatterns: Final[list[URLPattern]] = [
    path("languages/", languages.languages, name="setup-languages"),
    path(_LANGUAGE, table.table, name="setup-translations"),
    path(f"{_LANGUAGE}files/", files.files, name="setup-translation-files"),
    path(f"{_LANGUAGE}texts.<str:ending>", files.download, name="setup-translation-file"),
]
