"""The scanner: a real socket that speaks clamd's protocol, and every way in which it may not."""

import socket
import struct
import threading
from contextlib import contextmanager, suppress

import pytest

from portal import scanner
from portal.examined_files import FileRefused, examine
from portal.scanner import CLEAN, INFECTED, UNSCANNED, scan
from tests.honest_files import honest

VIRUS = b"this-is-a-virus"


def read(line, length):
    got = b""
    while len(got) < length:
        piece = line.recv(length - len(got))
        if not piece:
            raise ConnectionError
        got += piece
    return got


def clamd(line):
    """As the real one: a command, pieces with their lengths, a length of nothing, an answer."""
    assert read(line, 10) == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack(">I", read(line, 4))[0]:
        content += read(line, length)
        if len(content) > 3_000_000:
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            return
    found = VIRUS in content
    line.sendall(b"stream: Test.Virus FOUND\0" if found else b"stream: OK\0")


def silent(line):
    line.recv(1)
    threading.Event().wait(1)


def closing(line):
    line.recv(1)


def babbling(line):
    line.sendall(b"x" * 100_000)


@contextmanager
def serving(settings, behaviour, address=None):
    """A server at this path, or at a port of this machine, for one conversation after another."""
    server = (
        socket.create_server(str(address), family=socket.AF_UNIX)
        if address
        else socket.create_server(("127.0.0.1", 0))
    )

    def serve():
        while True:
            try:
                line, _from = server.accept()
            except OSError:
                return
            with line, suppress(OSError):
                behaviour(line)

    thread = threading.Thread(target=serve)
    thread.start()
    settings.SCANNER_SOCKET = str(address) if address else f"127.0.0.1:{server.getsockname()[1]}"
    try:
        yield
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize("where", ["unix", "port"])
def test_scan_says_clean_and_infected(settings, tmp_path, where):
    with serving(settings, clamd, tmp_path / "clamd" if where == "unix" else None):
        assert scan(b"a" * 200_000) == CLEAN
        assert scan(b"a" * 200_000 + VIRUS) == INFECTED
        assert scan(b"") == CLEAN


def test_scan_without_a_scanner_says_so(settings):
    settings.SCANNER_SOCKET = ""
    assert scan(VIRUS) == UNSCANNED


@pytest.mark.parametrize("address", ["/nowhere/clamd", "127.0.0.1:1", "nonsense"])
def test_scan_with_a_scanner_that_is_away_says_so(settings, address, caplog):
    settings.SCANNER_SOCKET = address
    assert scan(VIRUS) == UNSCANNED
    assert VIRUS.decode() not in caplog.text
    assert "unscanned" in caplog.text


@pytest.mark.parametrize("behaviour", [silent, closing, babbling])
def test_scan_with_a_scanner_that_misbehaves_says_so_in_time(settings, monkeypatch, behaviour):
    monkeypatch.setattr(scanner, "SECONDS", 0.3)
    with serving(settings, behaviour):
        assert scan(b"a" * 1_000_000) == UNSCANNED


def test_scan_of_more_than_the_scanner_takes_is_no_scan(settings):
    with serving(settings, clamd):
        assert scan(b"a" * 20_000_000) == UNSCANNED


def test_examine_refuses_what_is_infected(settings):
    name, content = honest()["text"]
    with serving(settings, clamd):
        assert examine(name, content).scan == CLEAN
        with pytest.raises(FileRefused) as refused:
            examine(name, content + VIRUS)
    assert refused.value.code == "infected"
