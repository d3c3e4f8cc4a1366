"""Reports for tests at the desk: filed as reporters file them, brought along by the real verbs."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Callable
from typing import Any

from PIL import Image

from portal.models import User
from reporting import receipts
from reporting.actions import custody, notes, outcomes, referrals, triage
from reporting.actions.filing import Filed, KeptFile, file_report
from reporting.lifecycle import Status
from reporting.models import Report
from tests.factories import UserFactory

NARRATIVE = "A white van brings boxes to <b>gate 4</b> every Tuesday after dark."
CONTENT: dict[str, Any] = {
    "version": 1,
    "filed": {"language": "en", "channel": "public"},
    "what": {
        "narrative": NARRATIVE,
        "categories": ["NARCOTICS"],
        "direction": "IMPORT",
        "eu_finances": "yes",
    },
    "who": [
        {"name": "Kim <script>alert(1)</script>", "category": "suspect"},
        {"company": "Nix AB"},
    ],
    "where": {"place": "Göteborg"},
    "transport": {
        "mode": "3",
        "containers": [{"raw": "csqu 305438-3", "normalised": "CSQU3054383", "warning": ""}],
        "vehicles": [{"plate": "ABC123", "colour": "white"}],
    },
    "about": {"mode": "anonymous"},
}


def filed(
    *, files: tuple[KeptFile, ...] = (), firm_tag: str = "", through_work: bool = False, **what: Any
) -> tuple[Report, Filed]:
    """A report as it came in, and what the reporter was shown."""
    content = {
        **CONTENT,
        "filed": {**CONTENT["filed"], "through_work": through_work},
        "what": {**CONTENT["what"], **what},
    }
    told = file_report(content=content, identity=None, files=files, firm_tag=firm_tag)
    return Report.objects.get(reference=told.reference), told


def picture(name: str = "van.jpg", colour: str = "navy") -> KeptFile:
    """A photo, and its viewing copy."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(drawn, "JPEG")
    data = drawn.getvalue()
    return kept(name, "jpeg", original=b"original" + data, view=data)


def kept(name: str, kind: str, *, original: bytes, view: bytes) -> KeptFile:
    return KeptFile(
        id=uuid.uuid4(),
        name=name,
        kind=kind,
        size=len(original),
        sha256=hashlib.sha256(original).hexdigest(),
        scan="clean",
        original=lambda: [original],
        view=lambda: [view],
    )


def reporter_seeds(told: Filed) -> dict[str, bytes]:
    """What the receipt opens."""
    return {"reporter#1": receipts.seed(told.receipt)}


# How each status is reached: the verbs before it, by the officer or the supervisor.
def _grade(report: Report, officer: User, supervisor: User) -> None:
    triage.grade(report=report, by=officer, source="X", information="4", handling="H0")


def _assess(report: Report, officer: User, supervisor: User) -> None:
    _grade(report, officer, supervisor)
    outcomes.assess(report=report, by=officer)


def _act(report: Report, officer: User, supervisor: User) -> None:
    _assess(report, officer, supervisor)
    outcomes.act(report=report, by=officer)


def _aside(report: Report, officer: User, supervisor: User) -> None:
    _grade(report, officer, supervisor)
    outcomes.set_aside(report=report, by=officer, reason="Nothing was found.")


def _malicious(report: Report, officer: User, supervisor: User) -> None:
    _grade(report, officer, supervisor)
    outcomes.mark_malicious(report=report, by=supervisor, reason="Admitted by the reporter.")


def _merge(report: Report, officer: User, supervisor: User) -> None:
    outcomes.merge(report=report, by=officer, into=filed()[0])


def _close(report: Report, officer: User, supervisor: User) -> None:
    _aside(report, officer, supervisor)
    outcomes.close(report=report, by=officer)


WAYS: dict[str, Callable[[Report, User, User], object]] = {
    Status.RECEIVED: lambda report, officer, supervisor: None,
    Status.ACKNOWLEDGED: lambda report, officer, supervisor: triage.acknowledge(
        report=report, by=officer
    ),
    Status.TRIAGED: _grade,
    Status.ASSESSED: _assess,
    Status.ACTION: _act,
    Status.NO_ACTION: _aside,
    Status.OUT_OF_SCOPE: lambda report, officer, supervisor: outcomes.rule_out(
        report=report, by=officer, reason="A matter for the police."
    ),
    Status.MALICIOUS: _malicious,
    Status.MERGED: _merge,
    Status.CLOSED: _close,
}


def brought_to(status: str, desk: Any, **more: Any) -> Report:
    """A report in this status, by the verbs that lead there."""
    report, _told = filed(**more)
    if status == Status.REFERRED:
        _grade(report, desk.officer, desk.supervisor)
        refer(report, desk)
    elif status in WAYS:
        WAYS[status](report, desk.officer, desk.supervisor)
    else:
        # No verb of the desk leads there.
        Report.objects.filter(pk=report.pk).update(status=status)
    return Report.objects.get(pk=report.pk)


def refer(report: Report, desk: Any, receiver: str = "OLAF") -> object:
    """With a sanitised version, which is all that leaves."""
    keys = desk.keys_of(desk.officer)
    notes.sanitise(report=report, keys=keys, by=desk.officer, text="Boxes come to a gate.")
    return referrals.refer(
        report=report,
        keys=keys,
        by=desk.officer,
        receiver=receiver,
        legal_basis="Reg. (EU, Euratom) 883/2013, Art. 8",
    )


def colleague(**role: bool) -> User:
    return UserFactory(**(role or {"triage_officer": True}))


def taken(report: Report, by: User) -> Report:
    return custody.take(report=report, by=by)
