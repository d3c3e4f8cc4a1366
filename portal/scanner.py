"""The virus scanner: clamd's INSTREAM over its socket, where one is configured."""

from __future__ import annotations

import logging
import socket
import struct
import time

from django.conf import settings

CLEAN, INFECTED, UNSCANNED = "clean", "infected", "unscanned"
SECONDS = 20
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
logger = logging.getLogger(__name__)


def scan(data: bytes) -> str:
    """`clean`, `infected`; or `unscanned` when no scanner is there, or it does not say."""
    if not settings.SCANNER_SOCKET:
        return UNSCANNED
    try:
        said = _ask(settings.SCANNER_SOCKET, data, until=time.monotonic() + SECONDS)
    except (OSError, ValueError):
        # Never what was scanned, never a name: that the scanner is away is all there is to say.
        logger.warning("The virus scanner does not answer: files are taken unscanned.")
        return UNSCANNED
    if said == b"stream: OK":
        return CLEAN
    if said.startswith(b"stream: ") and said.endswith(b" FOUND"):
        return INFECTED
    logger.warning("The virus scanner could not scan a file: it is taken unscanned.")
    return UNSCANNED


def _ask(address: str, data: bytes, *, until: float) -> bytes:
    with _connected(address, until) as line:
        line.sendall(b"zINSTREAM\0")
        try:
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                line.settimeout(_left(until))
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops listening at its own limit, and has said so.
            pass
        return _answer(line, until)


def _connected(address: str, until: float) -> socket.socket:
    """A path is a Unix socket; `host:port` is for a scanner on this machine or in its network."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(until))
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_left(until))


def _answer(line: socket.socket, until: float) -> bytes:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        line.settimeout(_left(until))
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n")


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
