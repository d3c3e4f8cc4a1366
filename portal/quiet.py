"""Nothing that intake does is logged with its content: not at any level, not by any library.

While a request to intake is served, a record that anybody logs keeps its place and the kind of the
error, and loses its words, arguments and traceback: those may hold what somebody typed. The same
goes for records about such a request that are written after it, like a development server's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_SERVING = ContextVar("serving_intake", default=False)
# Less than an error says nothing that an operator could act on without its words.
_LEAST = logging.ERROR
_WORDS = "intake: %s"
# Its records hold all that a page was given, an opened report included.
_TELLTALE = "django.template"


@contextmanager
def intake() -> Iterator[None]:
    """A request to intake is being served."""
    token = _SERVING.set(True)
    try:
        yield
    finally:
        _SERVING.reset(token)


class QuietRecord(logging.LogRecord):
    """A record that cannot say more than that something failed, and where."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        telltale = self.name == _TELLTALE or any(_names_intake(arg) for arg in _arguments(self))
        if _SERVING.get() or telltale:
            self.msg, self.args = _WORDS, (_what_and_where(self),)
            self.exc_info = self.exc_text = self.stack_info = None
            self.intake = True


class QuietFilter(logging.Filter):
    """Drops what is left of a record of intake unless it is an error; and its request always."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not getattr(record, "intake", False):
            return True
        for name in ("request", "params", "sql"):
            record.__dict__.pop(name, None)
        return record.levelno >= _LEAST


def listen() -> None:
    """From now on every record of this process is made this way, whoever handles it."""
    logging.setLogRecordFactory(QuietRecord)


def _what_and_where(record: logging.LogRecord) -> str:
    """The kind of error and the line it comes from; what it says stays unsaid."""
    kind, _, trace = record.exc_info or (None, None, None)
    if kind is None:
        return record.levelname
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    return f"{kind.__name__}{place}"


def _arguments(record: logging.LogRecord) -> tuple[Any, ...]:
    given = record.args or ()
    return (record.msg, *(given.values() if isinstance(given, dict) else given))


def _names_intake(value: Any) -> bool:
    return isinstance(value, str) and "/report/" in value
