"""The addresses of bodies, sessions and documents for planners."""

from django.urls import path

from engagement.planning.papers import agenda, bodies, documents, files, members, overview, sessions

_BODY = "bodies/<slug:body>/"
_SESSION = f"{_BODY}sessions/<uuid:session>/"
_DOCUMENT = "documents/<uuid:document>/"

urlpatterns = [
    path("", overview.overview, name="papers"),
    path("bodies/new/", bodies.new, name="body-new"),
    path(_BODY, bodies.edit, name="body"),
    path(f"{_BODY}public/", bodies.publish, name="body-public"),
    path(f"{_BODY}delete/", bodies.delete, name="body-delete"),
    path(f"{_BODY}members/order/", members.order, name="members-order"),
    path(f"{_BODY}members/new/", members.new, name="member-new"),
    path(f"{_BODY}members/<uuid:member>/", members.edit, name="member"),
    path(f"{_BODY}members/<uuid:member>/delete/", members.delete, name="member-delete"),
    path(f"{_BODY}sessions/new/", sessions.new, name="session-new"),
    path(_SESSION, sessions.edit, name="session"),
    path(f"{_SESSION}public/", sessions.publish, name="session-public"),
    path(f"{_SESSION}delete/", sessions.delete, name="session-delete"),
    path(f"{_SESSION}agenda/order/", agenda.order, name="agenda-order"),
    path(f"{_SESSION}agenda/new/", agenda.new, name="agenda-new"),
    path(f"{_SESSION}agenda/<uuid:item>/", agenda.edit, name="agenda-item"),
    path(f"{_SESSION}agenda/<uuid:item>/delete/", agenda.delete, name="agenda-delete"),
    path("documents/new/", documents.new, name="document-new"),
    path(_DOCUMENT, documents.edit, name="document"),
    path(f"{_DOCUMENT}public/", documents.publish, name="document-public"),
    path(f"{_DOCUMENT}delete/", documents.delete, name="document-delete"),
    path(f"{_DOCUMENT}files/", files.upload, name="document-upload"),
    path(f"{_DOCUMENT}files/<uuid:version>/delete/", files.delete, name="version-delete"),
]
