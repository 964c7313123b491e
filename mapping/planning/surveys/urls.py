"""The addresses of results for staff below those of a survey."""

from django.urls import path

from mapping.planning.surveys import cross, tags, texts

urlpatterns = [
    path("<slug:slug>/survey/table.csv", cross.download, name="survey-table"),
    path("<slug:slug>/survey/texts/", texts.texts, name="survey-texts"),
    path("<slug:slug>/survey/texts/tag/", texts.tag, name="tag-texts"),
    path("<slug:slug>/survey/tags/", tags.tags, name="survey-tags"),
    path("<slug:slug>/survey/tags/<int:pk>/", tags.change, name="survey-tag"),
    path("<slug:slug>/survey/tags/<int:pk>/merge/", tags.merge, name="survey-tag-merge"),
    path("<slug:slug>/survey/tags/<int:pk>/delete/", tags.delete, name="survey-tag-delete"),
]
