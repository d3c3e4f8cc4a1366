"""How heavy the form is at a first visit, as a real server with packed files sends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import first_visit, servers
from bench.callers import run

HEAVIEST, MOST_REQUESTS = 30_000, 6
COLLECT = ["-m", "django", "collectstatic", "--no-input", "--verbosity=0"]
UNSEEN = [f"--ignore={name}" for name in ("admin", "mou", "flags", "*.ttf", "*.scss")]


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A server as a demonstration has it. A page of the form that is new asks no database."""
    env = {**servers.SETTINGS, "PORTAL_VAR": str(tmp_path), "PORTAL_FACES": "intake"}
    run([*COLLECT, *UNSEEN], env)
    for name, value in (("FOLDER", tmp_path), ("SETTINGS", env), ("READY_SECONDS", 240)):
        monkeypatch.setattr(servers, name, value)
    with servers.serving(servers.OURS, path=first_visit.FORM) as server:
        yield server.port


def test_first_visit_is_light_and_asks_for_little(port: int) -> None:
    got = first_visit.visit(port)
    assert {Path(one.path).suffix for one in got} >= {".css", ".js", ".svg"}
    assert all(one.packed for one in got if one.path.startswith("/static/"))
    assert sum(len(one.body) for one in got) <= HEAVIEST, [(g.path, len(g.body)) for g in got]
    assert len(got) <= MOST_REQUESTS
