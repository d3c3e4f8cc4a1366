"""The process apart: it can answer and nothing else, and whoever asks survives it."""

import os
import socket
import subprocess
import sys
import time

import pytest

from portal import confinement
from portal.confinement import Overran, Unanswered, answer_apart

ECHO = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"


def test_answer_comes_back_whole():
    order = [b"head", os.urandom(3_000_000)]
    assert answer_apart(ECHO, order, seconds=20) == b"".join(order)


def test_answer_that_is_too_long_is_not_kept():
    with pytest.raises(Unanswered):
        answer_apart("while True: print('x' * 1_000_000)", [b""], seconds=20, longest=5_000_000)


@pytest.mark.parametrize(
    ("start", "error"),
    [
        ("raise SystemExit(3)", Unanswered),
        ("import os; os.kill(os.getpid(), 11)", Unanswered),
        ("import os; os.kill(os.getpid(), 9)", Overran),
    ],
)
def test_answer_of_a_process_that_breaks_is_an_error(start, error):
    with pytest.raises(error) as raised:
        answer_apart(start, [b""], seconds=20)
    assert raised.type is error


@pytest.mark.parametrize("before", ["", "import os; os.close(1); "])
def test_answer_that_never_comes_is_not_waited_for(before):
    began = time.monotonic()
    with pytest.raises(Overran):
        answer_apart(before + "import time; time.sleep(60)", [b""], seconds=0.5)
    assert time.monotonic() - began < 10


def test_process_apart_gets_no_environment(monkeypatch):
    monkeypatch.setenv("PORTAL_SECRET", "s")
    said = answer_apart("import os; print(dict(os.environ))", [b""], seconds=20)
    assert b"PORTAL_SECRET" not in said


ATTEMPTS = [
    "socket.create_connection(('127.0.0.1', int(sys.argv[2])))",
    "socket.getaddrinfo('localhost', 80)",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "open(sys.argv[3] + '/written', 'w')",
    "open(sys.argv[3] + '/kept', 'r+')",
    "os.open(sys.argv[3] + '/made', os.O_RDONLY | os.O_CREAT)",
    "os.mkdir(sys.argv[3] + '/folder')",
    "os.remove(sys.argv[3] + '/kept')",
    "os.rename(sys.argv[3] + '/kept', sys.argv[3] + '/moved')",
    "os.system('touch ' + sys.argv[3] + '/touched')",
    "__import__('subprocess').run(['true'])",
    "os.execv('/bin/true', ['true'])",
    "os.fork()",
    "bytearray(MEMORY)",
    "ctypes.CDLL('libc.so.6')",
]
CONFINED = f"""
import sys
sys.path.insert(0, sys.argv[1])
from portal.confinement import *
confine()
for attempt in {ATTEMPTS!r}:
    try:
        eval(attempt)
    except (PermissionError, MemoryError):
        print("refused")
"""


def test_confined_process_can_do_nothing_but_answer(tmp_path):
    (tmp_path / "kept").touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        words = [sys.executable, "-I", "-B", "-c", CONFINED, str(confinement.ROOT), port]
        done = subprocess.run([*words, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused") == len(ATTEMPTS)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
