"""The addresses of the pages about who counts."""

from django.urls import path

from voting.planning.ballots import codes, irregular, overview, paper

urlpatterns = [
    path("<slug:slug>/votes/", overview.votes, name="votes"),
    path("<slug:slug>/votes/<slug:category>/irregular/", irregular.irregular, name="irregular"),
    path("<slug:slug>/votes/<slug:category>/irregular/<int:mark>/undo/", irregular.undo, name="mark-undo"),
    path("<slug:slug>/voting-codes/", codes.codes, name="codes"),
    path("<slug:slug>/voting-codes/<int:series>/replace/", codes.replace, name="code-replace"),
    path("<slug:slug>/voting-codes/<int:series>/delete/", codes.delete, name="series-delete"),
    path("<slug:slug>/ballots/", paper.paper, name="paper"),
    path("<slug:slug>/ballots/count/", paper.count, name="pile-count"),
    path("<slug:slug>/ballots/pile/", paper.end, name="pile-end"),
    path("<slug:slug>/ballots/<int:ballot>/delete/", paper.delete, name="ballot-delete"),
]
