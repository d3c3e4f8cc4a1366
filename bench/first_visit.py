"""What the first visit to the form brings over the wire, counted as a browser gets it."""

from __future__ import annotations

import gzip
import http.client
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bench.figures import say
from bench.servers import OURS, serving

FORM = "/report/what/"
# What a browser asks for by itself: style sheets, icons, scripts, pictures that are shown at once.
PARTS = re.compile(
    r'<link [^>]*rel="(?:stylesheet|icon|modulepreload)"[^>]*href="([^"]+)"'
    r'|<link [^>]*href="([^"]+)"[^>]*rel="(?:stylesheet|icon)"'
    r'|<(?:script|img) [^>]*src="([^"]+)"'
)
FROM_STYLE = re.compile(rb"url\(\"?'?([^)\"']+)")


@dataclass(frozen=True)
class Got:
    """One answer: its path, the bytes of its body as they were sent, and how they were packed."""

    path: str
    body: bytes
    packed: str

    @property
    def plain(self) -> bytes:
        return gzip.decompress(self.body) if self.packed == "gzip" else self.body


def visit(port: int, page: str = FORM) -> list[Got]:
    """The page and everything that it makes a browser ask for, the page first."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    first = _get(connection, page)
    got, wanted = [first], parts_of(first.plain.decode(), page)
    while wanted:
        one = _get(connection, wanted.pop(0))
        got.append(one)
        if one.path.endswith(".css"):
            known = {other.path for other in got} | set(wanted)
            # Fonts come when a text needs them; what a style sheet names counts all the same.
            wanted += [path for path in _of_style(one) if path not in known]
    connection.close()
    return got


def parts_of(page: str, path: str) -> list[str]:
    """The addresses that this page makes a browser ask for, each once."""
    found = (next(filter(None, groups)) for groups in PARTS.findall(page))
    return list(dict.fromkeys(urlsplit(urljoin(path, one)).path for one in found))


def _of_style(style: Got) -> list[str]:
    named = [one.decode() for one in FROM_STYLE.findall(style.plain)]
    return list(dict.fromkeys(urljoin(style.path, one) for one in named if one[:5] != "data:"))


def _get(connection: http.client.HTTPConnection, path: str) -> Got:
    connection.request("GET", path, headers={"Host": "127.0.0.1", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise ConnectionError(f"{path} answers {answer.status}")
    return Got(path, body, answer.headers.get("Content-Encoding", ""))


def first_visit() -> None:
    say("\nThe form, first visit: bytes of what is sent, without the lines above each answer")
    with serving(OURS, path=FORM) as server:
        got = visit(server.port)
    for one in got:
        say(f"  {one.path:<58} {len(one.body):6d}   {one.packed}".rstrip())
    say(f"  {'requests':<58} {len(got):6d}   wanted ≤ 6")
    say(f"  {'bytes in all':<58} {sum(len(one.body) for one in got):6d}   wanted ≤ 30000")
    packed = sum(len(one.body if one.packed else gzip.compress(one.body)) for one in got)
    say(f"  {'bytes behind the proxy, which packs pages too':<58} {packed:6d}")
