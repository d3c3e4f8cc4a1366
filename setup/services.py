"""Throw-away PostgreSQL and Redis for tests: private, on loopback, gone afterwards."""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from setup.processes import end, free_port, start, wait_until
from setup.steps import ROOT, Stop

LOGS = ROOT / "var" / "log" / "tests"
START_SECONDS = 30
GRACE_SECONDS = 10
# A database that is thrown away needs no promise that it survives a power cut.
POSTGRESQL = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_messages": "warning",
}


@contextmanager
def services(**also: str) -> Iterator[dict[str, str]]:
    """Starts both, PostgreSQL with these settings too; yields what leads to them."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = stack.enter_context(private_folder())
        yield {
            "DATABASE_URL": stack.enter_context(postgresql(folder / "postgresql", also)),
            "REDIS_URL": stack.enter_context(redis(folder / "redis")),
        }


def ordinary_user() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as whoever owns nothing of ours."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def private_folder() -> Iterator[Path]:
    """Under var/, or in the system's temporary folder where an ordinary user cannot reach var/."""
    base = ROOT / "var" / "test-services"
    base.mkdir(parents=True, exist_ok=True)
    base.chmod(0o755)
    user = ordinary_user()
    if user and subprocess.run(["test", "-x", str(base)], user=user, extra_groups=[]).returncode:
        base = Path(tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=base))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgresql_program(name: str) -> str:
    """Debian keeps the server's programs off PATH, by version; the newest serves."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=version_in_path)
    program = str(found[-1]) if found else shutil.which(name)
    if not program:
        raise Stop(f"PostgreSQL's {name} is not found: install the package postgresql.")
    return program


def version_in_path(program: Path) -> float:
    text = program.parent.parent.name
    return float(text) if text.replace(".", "", 1).isdigit() else 0


@contextmanager
def postgresql(folder: Path, also: Mapping[str, str]) -> Iterator[str]:
    """A cluster of its own whose only user is `portal`; yields its URL."""
    user, port, password = ordinary_user(), free_port(), secrets.token_urlsafe(16)
    folder.mkdir(mode=0o700)
    (folder / "password").write_text(password)
    if user:
        for path in (folder, folder / "password"):
            shutil.chown(path, user)
    data = folder / "data"
    log = (LOGS / "postgresql.log").open("wb")
    access = ["-U", "portal", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
    options = ["--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    made = start(
        [postgresql_program("initdb"), "-D", data, *access, *options],
        output=log,
        user=user,
        cwd=folder,
    )
    if made.wait():
        raise Stop(f"PostgreSQL could not make a database cluster: see {log.name}.")
    chosen = {**POSTGRESQL, **also, "port": str(port)}
    settings = [f"--{name}={value}" for name, value in chosen.items()]
    server = start(
        [postgresql_program("postgres"), "-D", data, *settings], output=log, user=user, cwd=folder
    )
    asks = [postgresql_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    try:
        if not wait_until(lambda: answers(server, asks), seconds=START_SECONDS):
            raise Stop(f"PostgreSQL did not start: see {log.name}.")
        yield f"postgres://portal:{password}@127.0.0.1:{port}/postgres"
    finally:
        end(server, grace=GRACE_SECONDS)
        log.close()


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A server that keeps nothing on disk, with a database for every test process."""
    port, password = free_port(), secrets.token_urlsafe(16)
    folder.mkdir(mode=0o700)
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        'save ""',
        "appendonly no",
        "databases 64",
        f"dir {folder}",
    ]
    (folder / "redis.conf").write_text("\n".join(lines) + "\n")
    log = (LOGS / "redis.log").open("wb")
    server = start(["redis-server", folder / "redis.conf"], output=log)
    asks = ["redis-cli", "-h", "127.0.0.1", "-p", str(port), "-a", password, "ping"]
    try:
        if not wait_until(lambda: answers(server, asks), seconds=START_SECONDS):
            raise Stop(f"Redis did not start: see {log.name}.")
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        end(server, grace=GRACE_SECONDS)
        log.close()


def answers(server: subprocess.Popen[bytes], asks: list[str]) -> bool:
    if server.poll() is not None:
        return False
    return subprocess.run(asks, capture_output=True).returncode == 0
