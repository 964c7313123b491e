"""The addresses of the steps categories and questions, below those of a campaign's setup."""

from typing import Final

from django.urls import URLPattern, path

from mapping.planning.setup.asking import categories, questions

_CATEGORY: Final = "categories/<slug:category>/"

urlpatterns: Final[list[URLPattern]] = [
    path("categories/", categories.categories, name="setup-categories"),
    path("new-category/", categories.new_category, name="setup-category-new"),
    path(_CATEGORY, categories.category, name="setup-category"),
    path(f"{_CATEGORY}remove/", categories.remove, name="setup-category-remove"),
    path(f"{_CATEGORY}questions/", questions.questions, name="setup-category-questions"),
    path(f"{_CATEGORY}new-question/", questions.new_question, name="setup-category-question-new"),
    path(f"{_CATEGORY}question/<slug:question>/", questions.question, name="setup-category-question"),
    path(
        f"{_CATEGORY}question/<slug:question>/remove/",
        questions.remove,
        name="setup-category-question-remove",
    ),
    path("questions/", questions.questions, name="setup-questions"),
    path("new-question/", questions.new_question, name="setup-question-new"),
    path("question/<slug:question>/", questions.question, name="setup-question"),
    path("question/<slug:question>/remove/", questions.remove, name="setup-question-remove"),
]
