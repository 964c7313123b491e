"""The addresses of this room."""

from django.urls import path

from engagement.web.plans import downloads, outcomes, plan, updates

urlpatterns = [
    path("plans/", plan.plans_page, name="plans"),
    path("plans.csv", downloads.plans_csv, name="plans-csv"),
    path("plans.geojson", downloads.plans_geojson, name="plans-geojson"),
    path("plans/<slug:plan>/", plan.plan_page, name="plan"),
    path("plans/<slug:plan>/propose/", plan.propose_page, name="plan-propose"),
    path("outcomes/", outcomes.all_outcomes, name="outcomes"),
    path("campaigns/<slug:slug>/outcome/", outcomes.campaign_outcome, name="campaign-outcome"),
    path("campaigns/<slug:slug>/updates/", updates.updates_page, name="updates"),
    path("campaigns/<slug:slug>/updates/<uuid:update>/", updates.update_page, name="update"),
    path("proposal/<str:token>/", plan.proposal_page, name="plan-proposal"),
]
