"""A site of which one page fails while it holds what people wrote."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from geoparticipation.urls import handler400, handler403, handler404, handler500
from geoparticipation.urls import urlpatterns as of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@csrf_exempt
def fail(request: HttpRequest, token: str) -> HttpResponse:
    words = request.POST["text"]
    raise ValueError(f"{words} at {token} of planted-mail@example.org from 203.0.113.77")


urlpatterns = [path("mine/<str:token>/", fail, name="failing"), *of_the_site]
