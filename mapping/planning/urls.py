"""The planners' addresses, all behind the login."""

from django.urls import path

from mapping.planning import campaigns, decisions, editing, heatmap, numbers, queue

app_name = "planning"

urlpatterns = [
    path("", campaigns.campaigns, name="campaigns"),
    path("<slug:slug>/queue/", queue.queue, name="queue"),
    path("<slug:slug>/queue/decide/", decisions.decide, name="decide"),
    path("<slug:slug>/queue/bulk/", decisions.decide_many, name="decide-many"),
    path("<slug:slug>/queue/<uuid:pk>/edit/", editing.edit, name="edit"),
    path("<slug:slug>/queue/<uuid:pk>/reply/", decisions.reply, name="reply"),
    path("<slug:slug>/heatmap/", heatmap.heatmap, name="heatmap"),
    path("<slug:slug>/numbers/", numbers.numbers, name="numbers"),
]
