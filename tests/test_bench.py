"""The bench counts what it says it counts."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

from bench import load, servers
from bench.agreement import ADDRESS, content
from bench.figures import in_turn, percentile, ratio
from mou import documents


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
