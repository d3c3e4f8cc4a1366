"""Whoever reports leaves no trace: not in tables, logs, files or cache, at the loudest level."""

from __future__ import annotations

import gzip
import logging
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path

from portal import limits, quiet
from portal.models import AuditEvent
from portal.origin import same_origin_only
from portal.urls import urlpatterns as portal_urls
from tests.challenges import answers
from tests.databases import bytes_of
from tests.factories import MembershipFactory
from tests.portal import test_captcha

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ADDRESS = "203.0.113.199"
AGENT = "Unmistakable/77.31 (Sparrow; Heron)"
REFERER = "https://where-i-was.example/secret-page"
QUERY = "query-of-a-reporter"
TYPED = "narrative-of-a-reporter"
SENT = {
    "REMOTE_ADDR": ADDRESS,
    "REMOTE_HOST": "host-of-a-reporter.example",
    "HTTP_USER_AGENT": AGENT,
    "HTTP_REFERER": REFERER,
    "HTTP_X_FORWARDED_FOR": f"{ADDRESS}, 192.0.2.8",
    "HTTP_X_REAL_IP": ADDRESS,
    "HTTP_FORWARDED": f"for={ADDRESS}",
    "HTTP_CF_CONNECTING_IP": ADDRESS,
    "HTTP_SEC_CH_UA": '"Sparrow";v="77"',
    "HTTP_SEC_CH_UA_PLATFORM": '"Heronix"',
    "HTTP_VIA": "1.1 proxy-of-a-firm.example",
}
SECRETS = [ADDRESS, "Unmistakable", "where-i-was", "host-of-a-reporter", "Sparrow", "Heronix"]
SECRETS += ["proxy-of-a-firm", "192.0.2.8", QUERY, TYPED]
seen: list = []


@same_origin_only()
def fails(request):
    seen.append(request)
    logging.getLogger("reporting").error("could not read %s", request.POST, exc_info=True)
    logging.getLogger("somebody.else").debug("%s from %s", request.POST, request.META)
    if "fail" in request.GET:
        raise RuntimeError(f"broken by {request.POST.get('narrative')}")
    return HttpResponse(f"user {request.user.is_authenticated}")


fails.login_required = False
urlpatterns = [
    path("report/fails/", fails),
    path("report/try/", test_captcha.page),
    *portal_urls,
]


@pytest.fixture(autouse=True)
def prepared(settings):
    limits.counters.forget()
    seen.clear()
    [engine] = settings.TEMPLATES
    folder = settings.BASE_DIR / "tests" / "portal" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]


@pytest.fixture
def log(tmp_path):
    """Everything that any logger says, in a file, through a handler that filters nothing."""
    handler = logging.FileHandler(tmp_path / "log")
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s %(args)s"))
    names = ["", "django", "django.request", "django.db.backends", "django.server"]
    names += ["django.security.csrf", "django.template", "reporting", "somebody.else"]
    before = [(logging.getLogger(name), logging.getLogger(name).level) for name in names]
    logging.getLogger().addHandler(handler)
    for logger, _ in before:
        logger.setLevel(logging.DEBUG)
    connection.force_debug_cursor = True
    yield tmp_path / "log"
    connection.force_debug_cursor = False
    for logger, level in before:
        logger.setLevel(level)
    logging.getLogger().removeHandler(handler)
    handler.close()


def walk(client) -> None:
    """What an anonymous visitor does, the wrong way as well."""
    page = client.get(f"/report/try/?{QUERY}").content.decode()
    client.post("/report/try/", answers(page, challenge_answer="wrong", narrative=TYPED))
    client.post("/report/try/", answers(client.get("/report/try/").content.decode()))
    key = test_captcha.asked(test_captcha.read_page(client.get("/report/try/").content.decode()))
    client.get(f"/report/challenge/{key.keys[0]}.png")
    client.get(f"/report/challenge/{key.keys[0]}.wav")
    client.get(f"/report/challenge/{key.keys[0]}.txt?{QUERY}")
    client.get(f"/report/nowhere/{QUERY}/")
    client.get(f"/report?{QUERY}")
    client.post("/report/fails/", {"narrative": TYPED})
    client.post(f"/report/fails/?fail={QUERY}", {"narrative": TYPED})
    client.post("/report/try/", {"narrative": TYPED}, headers={"Origin": "https://evil.example"})


def test_report_leaves_no_trace_in_logs(log):
    walk(Client(raise_request_exception=False, **SENT))
    said = log.read_text()
    assert [secret for secret in SECRETS if secret in said] == []
    # The place and the kind of what failed is kept: that much an operator needs.
    assert "RuntimeError at " in said
    assert "test_intake_traces.py" in said
    logging.getLogger("somebody.else").info("%s", "elsewhere")
    assert "elsewhere" in log.read_text()


@pytest.mark.django_db(transaction=True)
def test_report_leaves_no_trace_in_tables_files_or_cache(log):
    recorded = AuditEvent.objects.count()
    walk(Client(raise_request_exception=False, **SENT))
    assert everything_kept()
    assert [secret for secret in SECRETS if secret.encode() in everything_kept()] == []
    assert AuditEvent.objects.count() == recorded
    assert cache.get("anything") is None


def everything_kept() -> bytes:
    """The whole database as its own tools give it, and every file below var/."""
    folder = Path(configured.VAR)
    files = [found for found in folder.rglob("*") if found.is_file()]
    kept = b"".join(map(read, files))
    if connection.vendor == "postgresql":
        kept += dump()
    return kept


def read(found: Path) -> bytes:
    content = bytes_of(found)
    return gzip.decompress(content) if found.suffix == ".gz" else content


def dump() -> bytes:
    """Every row of every table as text."""
    rows = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows).encode()


def test_report_when_logged_in_is_read_by_nobody(client, django_assert_num_queries):
    client.force_login(MembershipFactory(owner=True).user)
    assert client.get("/accounts/").status_code == 200
    with django_assert_num_queries(0):
        answer = client.get("/report/fails/")
    assert answer.content == b"user False"
    assert answer.wsgi_request.session.session_key is None


def test_report_passes_on_nothing_that_tells_who_sends():
    client = Client(**SENT)
    client.cookies.load({"report": "draft", "portal_all": "session", "spy": "1", "messages": "x"})
    client.get("/report/fails/", headers={"Accept-Language": "sv", "Range": "bytes=0-1"})
    [request] = seen
    text = repr({**request.META, "wsgi.input": "", "wsgi.errors": ""})
    assert [secret for secret in SECRETS if secret in text] == []
    assert request.META["REMOTE_ADDR"] == ""
    assert request.COOKIES == {"report": "draft"}
    assert set(request.headers) == {"Cookie", "Accept-Language", "Range"}
    assert request.bucket
    assert ADDRESS not in request.bucket


def test_report_answers_are_kept_nowhere_and_tell_no_other_site():
    for address in ("/report/fails/", "/report/nowhere/", "/report"):
        answer = Client().get(address)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"


def test_other_pages_know_their_visitors_as_before(client, rf):
    answer = client.get("/", HTTP_USER_AGENT=AGENT)
    assert answer.wsgi_request.META["HTTP_USER_AGENT"] == AGENT
    assert not hasattr(answer.wsgi_request, "bucket")


def test_crowd_counts_behind_the_proxy_and_is_believed_nowhere_else(settings):
    def bucket(**sent):
        Client(**sent).get("/report/fails/")
        return seen[-1].bucket

    own = bucket(REMOTE_ADDR=ADDRESS)
    assert bucket(REMOTE_ADDR=ADDRESS, HTTP_X_CROWD="a1") == own
    settings.TRUSTED_PROXIES = 1
    assert bucket(HTTP_X_CROWD="a1") != bucket(HTTP_X_CROWD="a2")
    assert bucket(HTTP_X_CROWD="a1") == bucket(REMOTE_ADDR=ADDRESS, HTTP_X_CROWD="a1")
    assert bucket(REMOTE_ADDR=ADDRESS) == ""


def test_record_of_a_request_loses_it_at_the_handler():
    with quiet.intake():
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, TYPED, (), None, extra={"request": TYPED, "sql": TYPED}
        )
        low = logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, TYPED, (), None)
    assert quiet.QuietFilter().filter(record)
    assert TYPED not in repr(record.__dict__)
    assert not quiet.QuietFilter().filter(low)


def test_record_of_something_else_is_untouched():
    record = logging.getLogger("x").makeRecord("x", 20, "f", 1, "said %s", ("this",), None)
    assert record.getMessage() == "said this"
    assert quiet.QuietFilter().filter(record)


def test_what_a_page_was_given_is_in_no_record_of_its_template(caplog):
    """A name that a template looks for in vain makes Django write down all that the page knows."""
    caplog.set_level(logging.DEBUG, "django.template")
    Template("{{ nothing }}").render(Context({"told": TYPED}))
    assert caplog.records
    assert TYPED not in caplog.text
