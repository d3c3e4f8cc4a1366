"""The bench counts what it says it counts."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from bench import (
    cooperation_caller,
    directory_caller,
    first_visit,
    load,
    offers_caller,
    servers,
    visiting,
)
from bench.agreement import ADDRESS, content
from bench.figures import in_turn, percentile, ratio
from bench.reporter import Form
from mou import alert_reach, documents, programme
from mou.models import Alert
from partners.models import ContactPoint, Holder, Partner
from portal import reference_files
from tests.factories import UserFactory


@pytest.mark.django_db
def test_cooperation_asks_pages_that_answer_and_an_alert_that_reaches_some():
    pages = cooperation_caller.prepared(60)
    assert {visit().status_code for visit in pages.values()} == {200}
    assert "whole: whom an alert reaches" in pages
    reach = alert_reach.reach_of(Alert.objects.get())
    assert all((reach.told, reach.unknown, reach.left_out))


@pytest.mark.django_db
@pytest.mark.parametrize("way", offers_caller.WAYS)
def test_offers_are_taken_over_whole_either_way(way):
    reference_files.load()
    programme.load()
    assert offers_caller.seconds(way, [1, 2, 3], UserFactory(caseworker=True)) > 0


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    status = 200

    def do_GET(self):
        self.send_response(self.status)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"yes")

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    running = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def test_ratio_compares_round_by_round():
    found = ratio("page", [2.0, 9.0, 4.0], [1.0, 3.0, 4.0])
    assert found.rounds == (2.0, 3.0, 1.0)
    assert "2.00   (1.00 to 3.00)" in str(found)


def test_neither_always_goes_first():
    assert [in_turn("AB", number) for number in range(3)] == ["AB", "BA", "AB"]


def test_percentile_stays_inside():
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0


def test_load_counts_answers_over_kept_connections(server):
    counted = load.load(server.server_port, "/", seconds=0.2)
    assert counted.answers > load.CONNECTIONS
    assert counted.answers == len(counted.seconds)
    assert counted.errors == 0


def test_load_counts_what_is_no_answer_as_an_error(server, monkeypatch):
    monkeypatch.setattr(Page, "status", 500)
    counted = load.load(server.server_port, "/", seconds=0.1)
    assert counted.answers == 0
    assert counted.errors > 0


def test_bare_page_is_one_django_page_without_queries():
    code = (
        "import json; from bench.bare.wsgi import application; from django.test import Client;"
        "answer = Client(HTTP_HOST='127.0.0.1').get('/');"
        "print(json.dumps([answer.status_code, len(answer.content)]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    status, size = json.loads(done.stdout)
    assert status == 200
    assert size > 4000


@pytest.mark.parametrize("kind", servers.kinds())
def test_every_server_has_one_worker(kind):
    words = servers.command(kind, servers.OURS, 8000)
    assert words[words.index("--workers") + 1] == "1"


def test_document_is_another_each_time_and_of_the_real_template():
    assert content(1) != content(2)
    assert documents.render(content(1), verification_url=ADDRESS).startswith(b"%PDF-1.7")


FORM = """<main><form method="post" action="/next/">
<textarea name="told" rows="9">
</textarea>
<input type="hidden" name="stamp" value="a&amp;b"><input type="text" name="place" value="">
<input type="radio" name="sure" value="yes"><input type="radio" name="sure" value="no" checked>
<input type="submit" name="send" value="1"><img src="/picture.png" alt="">
</form><form method="post" action="/other/"><input name="other" value="1"></form></main>"""


def test_reporter_sends_what_a_browser_would_send() -> None:
    form = Form(FORM)
    assert form.action == "/next/"
    assert form.values == {"told": "", "stamp": "a&b", "place": "", "sure": "no"}
    assert form.pictures == ["/picture.png"]


def test_first_visit_asks_for_each_part_once() -> None:
    page = """<link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/look.css?1"><link href="/look.css" rel="stylesheet">
    <link rel="canonical" href="/elsewhere/"><a href="/link/">one</a>
    <script type="module" src="after.js"></script><img alt="" src="/mark.png">"""
    found = first_visit.parts_of(page, "/report/what/")
    assert found == ["/icon.svg", "/look.css", "/report/what/after.js", "/mark.png"]


def test_bytes_of_a_visit_are_counted_as_sent(server, monkeypatch) -> None:
    monkeypatch.setattr(first_visit, "parts_of", lambda page, path: ["/one.js"])
    got = first_visit.visit(server.server_port, "/")
    assert [(one.path, len(one.body)) for one in got] == [("/", 3), ("/one.js", 3)]


@pytest.mark.django_db
def test_directory_of_the_bench_is_found_by_words_and_by_slips(client) -> None:
    pages = directory_caller.prepared(30)
    assert {visit().status_code for visit in pages.values()} == {200}
    assert Partner.objects.count() == 30
    assert ContactPoint.objects.count() == Holder.objects.count() == 4 * 30
    seen = Partner.objects.visible_at(0).order_by("name")
    assert 0 < seen.count() < 30
    name = seen[7].name.split()[-1]
    for typed in (name, name[:3] + name[4:]):
        assert seen[7].name in client.get("/partners/", {"q": typed}).content.decode()


@pytest.mark.django_db
def test_visits_of_the_bench_are_counted_once_they_are_warm(client) -> None:
    calls = []

    def page():
        calls.append(Partner.objects.count())
        return client.get("/partners/api/")

    (asked,) = visiting.counted({"page": page}).values()
    assert asked >= 1
    assert len(calls) == 2
