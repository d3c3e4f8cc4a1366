"""One page, and the addresses that its menu leads to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

WORDS = "The administration and the business agree to tell each other what they notice. "


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"title": "Cooperation", "words": WORDS, "lines": range(8)})


urlpatterns = [
    path("", page, name="home"),
    path("cooperation/", page, name="cooperation"),
    path("verify/", page, name="verify"),
    path("news/", page, name="news"),
    path("contact/", page, name="contact"),
]
