"""The citizens' pages."""

from django.urls import path

from mapping.web import (
    campaigns,
    contribute,
    contributions,
    data,
    heatmap,
    opinions,
)
from mapping.web.files import ground, logos, photos, pictures
from mapping.web.mine import contribution as my_contribution
from mapping.web.mine import copy_of_mine, everything, thanks
from mapping.web.outreach import embed, kiosk, picture, short
from mapping.web.overview import campaign_list, feeds, search
from mapping.web.reactions import feedback, flags
from mapping.web.signing_in import pages as signing_in
from mapping.web.survey import mine as my_response
from mapping.web.survey import page as survey
from mapping.web.survey import results

_CAMPAIGN = "campaigns/<slug:slug>/"
_CONTRIBUTION = f"{_CAMPAIGN}contributions/<uuid:pk>/"
_COMMENT = f"{_CONTRIBUTION}comments/<uuid:comment>/"

urlpatterns = [
    path("campaigns/", campaign_list.campaigns_page, name="campaigns"),
    path(_CAMPAIGN, campaigns.campaign_page, name="campaign"),
    path("k/<slug:code>", short.short_address, name="short-address"),
    path(f"{_CAMPAIGN}embed/", embed.embed_page, name="embed"),
    path(f"{_CAMPAIGN}kiosk/", kiosk.kiosk_page, name="kiosk"),
    path(f"{_CAMPAIGN}share.png", picture.share_picture, name="share-picture"),
    path(f"{_CAMPAIGN}heatmap/", heatmap.heatmap_page, name="public-heatmap"),
    path(f"{_CAMPAIGN}data/", data.data_page, name="data"),
    path(f"{_CAMPAIGN}data/<uuid:job>/", data.job_page, name="export-job"),
    path(f"{_CAMPAIGN}contribute/", contribute.contribute, name="contribute"),
    path(f"{_CAMPAIGN}survey/", survey.survey_page, name="survey"),
    path(f"{_CAMPAIGN}results/", results.results_page, name="results"),
    path(f"{_CAMPAIGN}results/opinions.csv", opinions.opinions_csv, name="opinions-csv"),
    path(_CONTRIBUTION, contributions.contribution_page, name="contribution"),
    path(f"{_CONTRIBUTION}comment/", feedback.comment, name="contribution-comment"),
    path(f"{_CONTRIBUTION}report/", flags.report_page, name="contribution-report"),
    path(f"{_COMMENT}report/", flags.report_page, name="comment-report"),
    path(f"{_COMMENT}support/", feedback.support_comment, name="comment-support"),
    path(f"{_CONTRIBUTION}support/", feedback.support, name="contribution-support"),
    # Before those with a token, which none of these words is.
    path("mine/", everything.everything_mine, name="mine"),
    path("mine/export/", copy_of_mine.copy_of_mine, name="export-mine"),
    path("mine/delete/", everything.delete_mine, name="delete-mine"),
    path("mine/<str:token>/", my_contribution.my_contribution, name="my-contribution"),
    path("mine/<str:token>/thanks/", thanks.contribution_thanks, name="contribution-thanks"),
    path("mine/<str:token>/withdraw/", my_contribution.withdraw_mine, name="withdraw-mine"),
    path("mine/<str:token>/photos/<uuid:pk>.jpg", my_contribution.my_photo, name="my-photo"),
    path(
        "mine/<str:token>/photos/<uuid:pk>/remove/", my_contribution.remove_my_photo, name="remove-my-photo"
    ),
    path(f"{_CAMPAIGN}sign-in/", signing_in.sign_in_page, name="sign-in"),
    path(f"{_CAMPAIGN}sign-in/start/", signing_in.sign_in_start, name="sign-in-start"),
    path(f"{_CAMPAIGN}sign-out/", signing_in.sign_out_here, name="sign-out"),
    path("sign-in/back/", signing_in.sign_in_back, name="sign-in-back"),
    path("response/<str:token>/", my_response.my_response, name="my-response"),
    path("response/<str:token>/thanks/", my_response.response_thanks, name="response-thanks"),
    path("response/<str:token>/change/", my_response.change_mine, name="change-response"),
    path("response/<str:token>/withdraw/", my_response.withdraw_mine, name="withdraw-response"),
    path("search/", search.search_page, name="search"),
    path("feeds/<slug:name>", feeds.feed, name="feed"),
    path("feed.<slug:kind>", feeds.everything, name="feed-all"),
    path(f"{_CAMPAIGN}feed.<slug:kind>", feeds.everything, name="campaign-feed"),
    path("photos/<uuid:pk>.jpg", photos.photo, name="photo"),
    path("pictures/<uuid:pk>.jpg", pictures.picture, name="picture"),
    path("logo/<uuid:pk>.png", logos.logo, name="city-logo"),
    path("ground/<int:z>/<int:x>/<int:y>.mvt", ground.tile, name="ground-tile"),
]
