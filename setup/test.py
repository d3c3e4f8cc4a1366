"""`make test`: what must hold before anything lands, then every test on both sets of services."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from setup.processes import end, end_on_signals, start
from setup.services import LOGS, services
from setup.steps import PYTHON, ROOT, Stop, ending_well, run, say, step

GRACE_SECONDS = 15
# What a test writes is never committed, or is deleted at its end. Whoever counts the rows meanwhile
# sees none, and PostgreSQL then plans as if that table were empty; tests/databases sweeps instead.
OF_TESTS = {"autovacuum": "off"}
# A production configuration that is complete but leads nowhere: checks read it, nothing connects.
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "checked-only-" + "k" * 50 + "0123456789",
    "FIELD_KEY": "checked-only-" + "f" * 50 + "0123456789",
    "SITE_URL": "https://portal.customs.example",
    "ALLOWED_HOSTS": "portal.customs.example",
    "DATABASE_URL": "postgres://portal:none@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "DEFAULT_FROM_EMAIL": "cooperation@customs.example",
    "KEY_BACKEND": "pkcs12",
    "TIMESTAMP_URL": "https://tsa.customs.example/",
    "KEY_ROOTS_FILE": "/run/secrets/roots.pem",
    "PINS_ROOT": "0" * 64,
}
CHECKS: list[tuple[str, list[str], str]] = [
    ("Format", ["-m", "ruff", "format", "--check", "."], "Run `make format`."),
    ("Lint", ["-m", "ruff", "check", "."], "Run `make format`, then settle what is left."),
    ("Types", ["-m", "mypy"], ""),
    ("Migrations", ["manage.py", "makemigrations", "--check", "--dry-run"], "Make and name one."),
    ("Translations", ["-m", "setup.messages", "--check"], ""),
]
DEPLOYMENT = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]


def forget_configuration() -> None:
    """A test starts from the defaults, whatever portal the caller's terminal is set up for."""
    others = ["TIMESTAMP_ROOTS_FILE", "PORTAL_FACES", "PORTAL_VAR", "DJANGO_SETTINGS_MODULE"]
    # Tests start hundreds of processes: each would compile all that it imports once more.
    others.append("PYTHONDONTWRITEBYTECODE")
    for name in [*PRODUCTION, *others]:
        os.environ.pop(name, None)


def root_of_nobody() -> Path:
    """A root certificate whose key is thrown away: production pins one that can be read."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Checked only")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    ).sign(key, hashes.SHA256())
    path = ROOT / "var" / "tests" / "roots.pem"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path


def check() -> None:
    """Everything that needs no test; all of it is run, so that one look shows what to settle."""
    jobs: list[tuple[str, list[str], dict[str, str], str]]
    jobs = [(title, words, {}, remedy) for title, words, remedy in CHECKS]
    # The site alone: the other faces want a signed file of keys, which tests/portal has.
    production = PRODUCTION | {"KEY_ROOTS_FILE": str(root_of_nobody())}
    jobs.append(("Deployment settings", DEPLOYMENT, production | {"PORTAL_FACES": "site"}, ""))
    failed = []
    for title, words, env, remedy in jobs:
        try:
            with step(title):
                run([PYTHON, *words], env=env, remedy=remedy)
        except Stop as stop:
            say(f"    {stop}")
            failed.append(title.lower())
    if failed:
        raise Stop(f"these do not hold: {', '.join(failed)}. No test was run.")


@contextmanager
def test_folder(name: str) -> Iterator[Path]:
    """Where the test processes of this run write; kept until the next run when this one fails."""
    base = ROOT / "var" / "tests"
    for old in base.glob(f"{name}-*"):
        if not Path("/proc", old.name.rpartition("-")[2]).exists():
            shutil.rmtree(old, ignore_errors=True)
    folder = base / f"{name}-{os.getpid()}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def template(kind: str, env: Mapping[str, str]) -> Iterator[Callable[[], dict[str, str]]]:
    """Migrates a database from nothing while others work; who asks for it waits until it is there.

    All test processes of the run start from it, each with a copy of its own.
    """
    with test_folder(f"template-{kind}") as folder, (LOGS / f"{kind}.migrations").open("wb") as log:
        name = str(folder / "template.sqlite3") if kind == "SQLite" else "portal_template"
        process = start(
            [PYTHON, "-m", "tests.template", name],
            env={"PORTAL_TEST_FOLDER": str(folder), **env},
            output=log,
        )

        def ready() -> dict[str, str]:
            with step(f"Migrations on {kind}, from nothing"):
                if process.wait():
                    raise Stop(f"{kind} could not be migrated: see {log.name}.")
            return {"PORTAL_TEST_TEMPLATE": name}

        try:
            yield ready
        finally:
            end(process, grace=GRACE_SECONDS)


def pytest(*words: str, env: Mapping[str, str]) -> int:
    """Runs pytest in a group of its own and leaves nothing of it behind; returns its exit code."""
    parallel = ["-n", str(min(os.cpu_count() or 2, 8)), "--dist", "worksteal"]
    process = start([PYTHON, "-m", "pytest", *parallel, *words], env=env)
    try:
        return process.wait()
    finally:
        end(process, grace=GRACE_SECONDS, first=signal.SIGINT)


def run_tests(name: str, words: list[str], env: Mapping[str, str]) -> None:
    say(f"\n==> Tests on {name}")
    begun = time.monotonic()
    with test_folder(name.split()[0]) as folder:
        code = pytest(*words, env={"PORTAL_TEST_FOLDER": str(folder), **env})
        if code:
            raise Stop(
                f"the tests on {name} failed (pytest exit {code}, "
                f"{time.monotonic() - begun:.0f} s); logs are in {LOGS.relative_to(ROOT)} "
                f"and {folder.relative_to(ROOT)}."
            )


def main(words: list[str]) -> None:
    end_on_signals()
    forget_configuration()
    with (
        services(**OF_TESTS) as settings,
        template("PostgreSQL", settings) as migrated,
        template("SQLite", {}) as migrated_too,
    ):
        if not words:
            check()
        run_tests("PostgreSQL and Redis", words, {**settings, **migrated()})
        # What no service could change has been run once by now; a choice of tests is run whole.
        side = {} if words else {"PORTAL_TEST_SIDE": "second"}
        run_tests("SQLite and files, the embedded default", words, {**side, **migrated_too()})


if __name__ == "__main__":
    with ending_well():
        main(sys.argv[1:])
