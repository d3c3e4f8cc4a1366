"""Whether the parts that this process needs answer: asked often, so cheap; tells no secret."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.core.cache import cache as shared
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal import pins
from portal.celery import app
from portal.models import SealingKey

log = logging.getLogger(__name__)

# A worker sweeps its queue every five seconds; after this long in silence it counts as gone.
WORKER_SILENCE = 60
QUEUES = ("default", "pdf")


def parts() -> dict[str, bool]:
    """What a request needs; a process that lacks one of them should get none."""
    return {name: _answers(name, check) for name, check in PARTS.items()}


def workers() -> dict[str, bool]:
    """Whether somebody took work from each queue lately; a request does not need it."""
    try:
        seen = shared.get_many([_seen(queue) for queue in QUEUES])
    except Exception as error:  # whatever the cache's client raises
        log.warning("the workers are not known: %s", type(error).__name__)
        seen = {}
    return {queue: time.time() - seen.get(_seen(queue), 0) < WORKER_SILENCE for queue in QUEUES}


def worker_seen(queue: str) -> None:
    """A worker tells that it is there."""
    try:
        shared.set(_seen(queue), time.time(), 2 * WORKER_SILENCE)
    except Exception as error:  # the work itself goes on
        log.warning("the cache does not answer: %s", type(error).__name__)


def _answers(name: str, check: Callable[[], bool]) -> bool:
    try:
        good = check()
    except Exception as error:  # each client has errors of its own
        log.warning("%s does not answer: %s", name, type(error).__name__)
        return False
    return good


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrations() -> bool:
    """Everything this release expects has been applied; more, by a newer release, is fine."""
    return known_migrations() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _cache() -> bool:
    mark = secrets.token_hex(8)
    shared.set(f"readyz:{mark}", mark, 10)
    return bool(shared.get(f"readyz:{mark}") == mark)


def _broker() -> bool:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=0, timeout=1)
    return True


def _keys() -> bool:
    """There are believed keys to seal to; the desk alone may run before the first are made."""
    try:
        return bool(pins.current().names())
    except pins.PinsRefused:
        return "intake" not in settings.FACES and not SealingKey.objects.exists()


def _seen(queue: str) -> str:
    return f"worker:{queue}"


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "broker": _broker,
    # Where reports are sealed and opened.
    **({"keys": _keys} if settings.FACES & {"intake", "office"} else {}),
}
