"""The addresses of being told by mail, below `/subscriptions/`."""

from django.urls import path

from engagement.web.subscriptions import pages

urlpatterns = [
    path("", pages.subscribe, name="subscribe"),
    path("author/<str:token>/", pages.subscribe_author, name="subscribe-author"),
    path("sent/", pages.sent, name="subscriptions-sent"),
    path("link/", pages.send_link, name="subscriptions-link"),
    path("confirm/<str:confirming>/", pages.confirm, name="subscription-confirm"),
    path("end/<str:ending>/", pages.end, name="subscription-end"),
    path("mine/<str:mine>/", pages.mine, name="subscriptions-mine"),
]
