"""The addresses of this room."""

from django.urls import path

from engagement.planning.plans import pages, proposals

urlpatterns = [
    path("", pages.plans, name="plans"),
    path("new/", pages.new, name="plan-new"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<uuid:proposal>/", proposals.proposal, name="proposal"),
    path("proposals/<uuid:proposal>/delete/", proposals.delete, name="proposal-delete"),
    path("<slug:plan>/", pages.edit, name="plan"),
    path("<slug:plan>/publish/", pages.publish, name="plan-publish"),
    path("<slug:plan>/delete/", pages.delete, name="plan-delete"),
]
