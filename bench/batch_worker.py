"""A document worker that also takes the bench's own work: `celery -A bench.batch_worker worker`."""

from __future__ import annotations

import django

django.setup()

from bench.agreement import ADDRESS, content  # noqa: E402 - after Django knows its settings
from mou import documents  # noqa: E402
from portal import outbox  # noqa: E402
from portal.celery import app  # noqa: E402

__all__ = ["app", "render"]


@outbox.handler("bench.render")
def render(number: int) -> None:
    documents.render(content(number), verification_url=ADDRESS)
