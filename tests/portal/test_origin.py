"""Posts without a token: from our own pages, and from nowhere else."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from portal.origin import same_origin_only
from portal.urls import urlpatterns as portal_urls

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@same_origin_only()
def plain(request):
    return HttpResponse("taken")


@same_origin_only(refused=lambda request: HttpResponse(f"again: {request.POST.get('typed')}"))
def kept(request):
    return HttpResponse("taken")


plain.login_required = kept.login_required = False
urlpatterns = [path("report/plain/", plain), path("report/kept/", kept), *portal_urls]
OURS = "http://testserver"


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": OURS},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": OURS, "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_post_from_our_own_page_needs_no_token(strict, headers):
    assert strict.post("/report/plain/", {}, headers=headers).content == b"taken"


ELSEWHERE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "http://[::1"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "something-new"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_post_from_elsewhere_is_refused(strict, headers):
    answer = strict.post("/report/plain/", {}, headers=headers)
    assert answer.status_code == 403
    assert "was not sent from our page" in answer.content.decode()


def test_post_from_elsewhere_can_show_again_what_was_typed(strict):
    answer = strict.post("/report/kept/", {"typed": "words"}, headers=ELSEWHERE[0])
    assert (answer.status_code, answer.content) == (403, b"again: words")


def test_get_from_elsewhere_is_a_link(strict):
    assert (
        strict.get("/report/plain/", headers={"Sec-Fetch-Site": "cross-site"}).content == b"taken"
    )
