"""The site's addresses and the app's own."""

from geoparticipation.urls import handler400, handler403, handler404, handler500
from geoparticipation.urls import urlpatterns as of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*of_the_site]
