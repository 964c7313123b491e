"""The addresses of this app below /api/v1/."""

from django.urls import path

from texts.api.files import CommentsFileView
from texts.api.texts import SuggestionsView, TextsView, TextView

app_name = "texts-api"

_TEXTS = "campaigns/<slug:slug>/texts/"
_TEXT = f"{_TEXTS}<slug:category>/"

urlpatterns = [
    path(_TEXTS, TextsView.as_view(), name="texts"),
    path(_TEXT, TextView.as_view(), name="text"),
    path(f"{_TEXT}suggestions/", SuggestionsView.as_view(), name="suggestions"),
    path(f"{_TEXT}comments.<str:ending>", CommentsFileView.as_view(), name="comments-file"),
]
