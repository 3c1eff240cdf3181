"""Every address of Tandem, and `/hello/`: the least a page for a signed-in person can do."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as real


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"hello, {request.user}")


urlpatterns = [path("hello/", hello), *real]
