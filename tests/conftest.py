"""What every test shares: the browser, the depth of generated examples, factories."""

import gc
import os
import shutil
from collections.abc import Generator
from typing import Any

import pytest
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.postgresql.creation import DatabaseCreation as PostgreSQLCreation
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation
from hypothesis import HealthCheck, settings
from whitenoise.middleware import WhiteNoiseMiddleware

from portal import limits, pins, reference, sealing
from tests.authority import trust_service  # noqa: F401 - a fixture
from tests.databases import (
    create_sqlite_from_template,
    drop_postgresql,
    flush_without_triggers,
    roles,  # noqa: F401 - a fixture
)
from tests.sealing_kit import Desk, make_desk

# Playwright's loop runs in the test's own thread; Django would take it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# The audit tables refuse to be emptied, which is what Django does between some tests.
BaseDatabaseOperations.execute_sql_flush = flush_without_triggers  # type: ignore[method-assign]

# All tests of a run start from a database that was migrated once.
SQLiteCreation._create_test_db = create_sqlite_from_template
PostgreSQLCreation._destroy_test_db = drop_postgresql

# Every client of a test lists the static files anew, which takes longer than most pages: they do
# not change while tests run.
_list_static_files = WhiteNoiseMiddleware.add_files_from_finders
_static_files: dict[str, Any] = {}


def _list_static_files_once(self: WhiteNoiseMiddleware) -> None:
    if not _static_files:
        _list_static_files(self)
        _static_files.update(self.files)
    self.files.update(_static_files)


WhiteNoiseMiddleware.add_files_from_finders = _list_static_files_once

# What tests write need not survive a power cut: neither do their databases.
os.fsync = lambda _handle: None

# As with passwords: a desk is made for many a test, and nobody guesses at it.
COST_IN_PRODUCTION = sealing.COST
sealing.COST = (1, 5)

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A quiet browser: nothing but the page asks for anything, and root may start it.
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# The same examples each time: what a change is held to must not depend on luck. The soak draws.
settings.register_profile(
    "default",
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak", parent=settings.get_profile("default"), max_examples=2000, derandomize=False
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On the second side of `make test` only what its services could change is run again."""
    if os.environ.get("PORTAL_TEST_SIDE") != "second":
        return
    again = [item for item in items if _asks_services(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(again)])
    items[:] = again


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests stay until the end: Python's collector need not look at them each time."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def _asks_services(item: pytest.Item) -> bool:
    """Whether it uses the database, and not only to show pages to a browser.

    The journeys are led by the same actions that the tests of each app try on both sides.
    """
    if "journeys" in item.path.parts:
        return False
    fixtures = getattr(item, "fixturenames", ())
    uses = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(fixtures)
    return bool(uses) and not item.get_closest_marker("once")


@pytest.fixture(autouse=True)
def lists_forgotten() -> None:
    """A process remembers lists, pinned keys and visits for a while; each test has its own."""
    reference.forget()
    pins.forget()
    limits.counters.forget()


@pytest.fixture
def desk(db: None) -> Desk:
    """Officers with keys: nothing is sealed or opened without them."""
    return make_desk()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium: Playwright never downloads one."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.fail("Chromium is missing: run `make test`, which installs it.")
    return {**browser_type_launch_args, "executable_path": found, "args": BROWSER_ARGUMENTS}
