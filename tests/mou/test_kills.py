"""The document worker killed after each thing it does in turn: one document each time, and it ends.

A child process does the work and dies by SIGKILL right after the named call; then the work is done
again, as the outbox does once the dead worker's claim has run out.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from mou import documents, evidence_report, signing, verification
from mou.actions import papers, preserving
from mou.models import Document, Step
from portal import audit, files
from portal.models import OutboxMessage
from tests.kills import kill_in
from tests.mou import flows, together_flows

pytestmark = pytest.mark.django_db(transaction=True)


def renewing() -> flows.Cast:
    cast = flows.archived()
    flows.deliver_all()
    Document.objects.filter(step=Step.ARCHIVED).update(renew_on=None)
    preserving.renew_due()
    return cast


def authorised() -> flows.Cast:
    return flows.authorised()[0]


def half_authorised() -> flows.Cast:
    """Of two who sign for the firm the first has signed and the second has authorised."""
    cast = together_flows.sealed()
    first, second, _third = together_flows.people(cast.agreement)
    together_flows.authorise(cast, first)
    flows.deliver_all()
    together_flows.authorise(cast, second)
    return cast


SEALED = {Step.SEALED}
SIGNED = SEALED | {Step.BUSINESS, Step.BUSINESS_STAMPED}
TWICE = SIGNED | {Step.BUSINESS_2, Step.BUSINESS_2_STAMPED}
BOTH = SIGNED | {Step.ADMINISTRATION, Step.ADMINISTRATION_STAMPED}
WHOLE = BOTH | {Step.ARCHIVED, Step.EVIDENCE}
# Task → how it comes to be due, what is there in the end, and the calls it makes, in order.
TASKS: dict[str, tuple[Callable[[], flows.Cast], set[Step], list[tuple[Any, str]]]] = {
    "mou.seal": (
        flows.agreed,
        SEALED,
        [
            (documents, "render"),
            (signing, "certify"),
            (signing, "stamp"),
            (files, "put"),
            (papers, "keep"),
            (audit, "record"),
        ],
    ),
    "mou.apply_signature": (
        authorised,
        SIGNED,
        [(signing, "sign"), (papers, "keep"), (signing, "stamp"), (audit, "record")],
    ),
    "mou.apply_signature the second": (
        half_authorised,
        TWICE,
        [(signing, "sign"), (papers, "keep"), (signing, "stamp"), (audit, "record")],
    ),
    "mou.archive": (
        flows.countersigned,
        WHOLE,
        [(signing, "archive"), (files, "put"), (papers, "keep"), (audit, "record")],
    ),
    "mou.report": (
        flows.archived,
        WHOLE,
        [
            (evidence_report, "render"),
            (signing, "certify_report"),
            (signing, "archive"),
            (papers, "keep"),
        ],
    ),
    "mou.renew": (renewing, WHOLE, [(signing, "archive"), (files, "put"), (audit, "record")]),
}
# The last moments, before the commit and before the work counts as done, in every run of tests.
OFTEN = {
    ("mou.seal", "keep"),
    ("mou.apply_signature the second", "keep"),
    ("mou.archive", "keep"),
    ("mou.archive", "done"),
    ("mou.renew", "put"),
}
POINTS = [
    pytest.param(
        task,
        place,
        name,
        id=f"{task}-{name}",
        marks=[] if (task, name) in OFTEN else [pytest.mark.soak],
    )
    for task, (_due, _left, calls) in TASKS.items()
    for place, name in [*calls, (None, "done")]
]


@pytest.fixture(autouse=True)
def empty_folder():
    shutil.rmtree(Path(settings.VAR, "files"), ignore_errors=True)
    Path(settings.VAR, "files").mkdir(mode=0o700)


def kept(cast: flows.Cast) -> set[str]:
    folder = Path(settings.VAR, "files", "agreements", str(cast.version.uuid))
    return {path.name for path in folder.iterdir() if not path.name.startswith(files.PARTIAL)}


@pytest.mark.parametrize(("task", "place", "name"), POINTS)
def test_worker_killed_after_any_call_leaves_one_document(trust_service, task, place, name):
    due, left, _calls = TASKS[task]
    cast = due()

    kill_in(task, place, name)
    OutboxMessage.objects.filter(done_at=None).update(
        claimed_until=None, available_at=timezone.now()
    )
    flows.deliver_all()

    made = list(Document.objects.filter(version=cast.version))
    assert sorted(one.step for one in made) == sorted(left)
    assert {Path(one.path).name for one in made} <= kept(cast)
    assert len(kept(cast)) == sum(one.edition for one in made)
    for one in made:
        found = verification.verify(papers.bytes_of(one), roots=trust_service.roots)
        assert found.verdict in {"valid", "incomplete"}, found.sentences
    if task == "mou.renew":
        assert {one.step: one.edition for one in made}[Step.ARCHIVED] == 2
