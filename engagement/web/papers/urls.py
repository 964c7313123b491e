"""The addresses of bodies and documents."""

from django.urls import path

from engagement.web.papers import bodies, documents, files

urlpatterns = [
    path("bodies/", bodies.bodies_page, name="bodies"),
    path("bodies/<slug:body>/", bodies.body_page, name="body"),
    path("bodies/<slug:body>/sessions/<uuid:session>/", bodies.session_page, name="session"),
    path("documents/", documents.documents_page, name="documents"),
    path("documents/<uuid:document>/", documents.document_page, name="document"),
    path("documents/<uuid:document>/document.pdf", files.written_file, name="document-written"),
    path("documents/<uuid:document>/<int:version>.pdf", files.version_file, name="document-file"),
    path("campaigns/<slug:slug>/documents/", documents.campaign_page, name="campaign-documents"),
]
