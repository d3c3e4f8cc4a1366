"""The faces: each has its own addresses, sessions and cookies, and admits its own people."""

import json
import os
import subprocess
import sys

import pytest
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings as ours

from portal import faces
from portal.models import IntakeSession, OfficeSession, SiteSession
from portal.sessions import SessionStore
from tests.processes import environment

TABLES = {"site": SiteSession, "office": OfficeSession, "intake": IntakeSession}
ADDRESSES = [
    "/",
    "/healthz",
    "/readyz",
    "/accounts/login/",
    "/accounts/invitation/x/",
    "/admin/",
    "/admin/login/",
    "/admin/portal/user/",
    "/cooperation/",
    "/mou/",
    "/verify/",
    "/report/",
    "/report/what/",
    "/start/report/",
    "/accessibility/",
    "/privacy/",
]
EVERYWHERE = {"/healthz", "/readyz", "/accessibility/", "/privacy/"}
ANSWERED = {
    "intake": EVERYWHERE | {"/report/", "/report/what/"},
    "site": EVERYWHERE
    | {
        "/",
        "/accounts/login/",
        "/accounts/invitation/x/",
        "/cooperation/",
        "/mou/",
        "/verify/",
        "/start/report/",
    },
    "office": EVERYWHERE
    | {"/", "/accounts/login/", "/admin/", "/admin/login/", "/admin/portal/user/", "/verify/"},
}
SCRIPT = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.urls import resolve, Resolver404
def answers(path):
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
print(json.dumps({
    "addresses": [path for path in json.loads(sys.argv[1]) if answers(path)],
    "cookie": settings.SESSION_COOKIE_NAME,
    "csrf": settings.CSRF_COOKIE_NAME,
}))
"""


@pytest.fixture(scope="module")
def processes():
    """One real process a face, and what it answers."""
    started = {}
    for face in ANSWERED:
        environment = {
            **os.environ,
            "PORTAL_FACES": face,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }
        started[face] = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(ADDRESSES)],
            cwd=ours.BASE_DIR,
            env=environment,
            stdout=subprocess.PIPE,
        )
    return {face: json.loads(process.communicate()[0]) for face, process in started.items()}


@pytest.mark.parametrize("face", ANSWERED)
def test_face_answers_its_own_addresses_only(processes, face):
    assert set(processes[face]["addresses"]) == ANSWERED[face]


def test_faces_share_no_cookie(processes):
    names = [told[name] for told in processes.values() for name in ("cookie", "csrf")]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
@pytest.mark.parametrize("face", TABLES)
def test_sessions_of_each_face_lie_in_its_own_table(settings, face):
    settings.FACE = face
    session = SessionStore()
    session["who"] = "somebody"
    session.save()
    assert {name for name, table in TABLES.items() if table.objects.exists()} == {face}
    settings.FACE = "office" if face != "office" else "site"
    assert "who" not in SessionStore(session.session_key)


def test_backend_is_the_one_that_knows_faces():
    assert ours.AUTHENTICATION_BACKENDS == ["portal.faces.FaceBackend"]
    assert issubclass(faces.FaceBackend, AuthenticationBackend)


PAGES = """
import json, sys
import django
django.setup()
from django.test import Client
from django.urls import get_resolver
get_resolver().url_patterns
told = {page: Client().get(page).status_code for page in json.loads(sys.argv[1])}
print(json.dumps({"statuses": told, "modules": sorted(sys.modules)}))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("face", "pages"),
    [
        ("intake", ["/privacy/", "/accessibility/", "/cookies/", "/healthz"]),
        ("site", ["/", "/privacy/", "/accounts/login/"]),
    ],
)
def test_face_for_the_public_opens_without_what_unlocks_the_desk(face, pages):
    asked = {"PORTAL_FACES": face, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PAGES, json.dumps(pages)],
        cwd=ours.BASE_DIR,
        env={**environment(), **asked, "ALLOWED_HOSTS": "testserver"},
        stdout=subprocess.PIPE,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["statuses"] == dict.fromkeys(pages, 200)
    unlocking = ("portal.keyring", "portal.actions.keys", "portal.desk", "reporting.opening")
    assert [name for name in told["modules"] if name.startswith(unlocking)] == []
