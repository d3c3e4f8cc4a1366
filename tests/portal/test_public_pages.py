"""Pages that are kept: quick for a visitor who is nobody yet, and never somebody else's."""

import time

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path, reverse

from portal import public_pages
from portal.public_pages import same_for_everyone
from portal.urls import urlpatterns as portal_urls
from tests.factories import PASSWORD, UserFactory

drawn = []


def page(fill):
    @login_not_required
    @same_for_everyone
    def view(request):
        drawn.append(request.path)
        response = HttpResponse(f"page {len(drawn)}")
        fill(request, response)
        return response

    return view


def nothing(request, response):
    pass


def token(request, response):
    response.content = get_token(request)


def cookie(request, response):
    response.set_cookie("mine", "1")


def failed(request, response):
    response.status_code = 503


urlpatterns = [
    *portal_urls,
    path("kept/", page(nothing)),
    path("token/", page(token)),
    path("cookie/", page(cookie)),
    path("failed/", page(failed)),
    path("unmarked/", login_not_required(lambda request: HttpResponse(str(time.monotonic_ns())))),
]


@pytest.fixture(autouse=True)
def production_shape(settings):
    settings.PUBLIC_PAGES_SECONDS = 60
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def visitor():
    return Client()


def twice(client, address, **headers):
    first, second = (client.get(address, **headers) for _ in range(2))
    return first, second


def test_page_is_kept_with_all_its_headers(visitor):
    first, second = twice(visitor, "/kept/")
    assert first.content == second.content
    assert dict(first.items()) == dict(second.items())
    assert "content-security-policy" in second.headers


@pytest.mark.parametrize("address", ["/token/", "/cookie/", "/failed/", "/unmarked/", "/kept/?a=1"])
def test_page_is_drawn_again_where_it_could_be_somebodys(visitor, address):
    assert visitor.get(address).content != Client().get(address).content


def test_page_with_a_token_is_not_kept_for_who_brings_the_cookie(visitor):
    visitor.get("/token/")
    first, second = twice(visitor, "/token/")
    assert first.content != second.content


def test_kept_page_is_one_language_only(visitor):
    english = visitor.get("/kept/", headers={"accept-language": "en"})
    swedish = visitor.get("/kept/", headers={"accept-language": "sv"})
    assert english.content != swedish.content


def test_kept_page_ends(visitor, monkeypatch):
    first = visitor.get("/kept/")
    later = time.monotonic() + 61
    monkeypatch.setattr(public_pages.time, "monotonic", lambda: later)
    assert visitor.get("/kept/").content != first.content


def test_store_has_a_bound(visitor, monkeypatch):
    monkeypatch.setattr(public_pages, "MOST", 1)
    first = visitor.get("/kept/")
    visitor.get("/")
    assert visitor.get("/kept/").content != first.content


def test_unknown_host_is_refused_and_keeps_nothing(visitor):
    assert visitor.get("/kept/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.django_db
def test_signed_in_person_gets_a_page_of_their_own(visitor):
    anonymous = visitor.get("/")
    user = UserFactory()
    assert visitor.login(username=user.email, password=PASSWORD) or visitor.force_login(user)
    mine = visitor.get("/").content.decode()
    assert user.name in mine
    assert user.name not in Client().get("/").content.decode()
    assert anonymous.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "cooperation", "accessibility", "privacy", "verify"])
def test_public_page_asks_the_database_nothing(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get(reverse(name)).status_code == 200
