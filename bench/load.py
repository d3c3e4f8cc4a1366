"""Asks for one page again and again over kept connections, and counts the answers."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field

CONNECTIONS = 4


@dataclass
class Counted:
    answers: int = 0
    errors: int = 0
    seconds: list[float] = field(default_factory=list)


def load(port: int, path: str, *, seconds: float) -> Counted:
    """Answers in this time, from `CONNECTIONS` visitors who each wait for one before the next."""
    until = time.perf_counter() + seconds
    each = [Counted() for _ in range(CONNECTIONS)]
    threads = [threading.Thread(target=visit, args=(port, path, until, one)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counted(
        sum(one.answers for one in each),
        sum(one.errors for one in each),
        [second for one in each for second in one.seconds],
    )


def visit(port: int, path: str, until: float, counted: Counted) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: en\r\n\r\n".encode()
    connection = None
    while (begun := time.perf_counter()) < until:
        try:
            connection = connection or socket.create_connection(("127.0.0.1", port), 10)
            connection.sendall(request)
            good, stays = answer(connection)
        except OSError:
            good, stays = False, False
        counted.answers += good
        counted.errors += not good
        counted.seconds.append(time.perf_counter() - begun)
        if not stays and connection:
            connection.close()
            connection = None
    if connection:
        connection.close()


def answer(connection: socket.socket) -> tuple[bool, bool]:
    """Reads one answer; whether it is a 200, and whether the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    left = length - len(body)
    while left > 0:
        more = connection.recv(min(left, 65536))
        if not more:
            raise ConnectionResetError
        left -= len(more)
    return b" 200 " in lines[0], b"connection: close" not in lines
