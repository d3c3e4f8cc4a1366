"""Brings each tale to its state by the actions that reporters and officers use."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw

from portal import demonstration as people
from portal import demonstration_keys as desk
from portal import examined_files as files
from portal.models import Organisation, User
from reporting import inbox, passes, receipts
from reporting.actions import (
    conversation,
    custody,
    filing,
    notes,
    outcomes,
    referrals,
    retaining,
    retention,
    triage,
    words,
)
from reporting.demonstration.many import tell_shorts
from reporting.demonstration.papers import add_papers
from reporting.demonstration.tales import TALES, Tale
from reporting.lifecycle import Status
from reporting.models import Firm, Report
from reporting.opening import open_report

OFFICER, SUPERVISOR = desk.OFFICERS[:2]
REASON = "Triage of the day's reports"
REOPENED = "reopened"
NOTHING_NEW = "Nothing new after a month of watching."
BASIS = "Mutual assistance agreement in customs matters"


class Story:
    """Tells every tale once; a second run finds them told."""

    def __init__(self, say: Callable[[str], None]) -> None:
        people.require_demonstration()
        self.say = say
        self.officer = User.objects.get(email=OFFICER)
        self.supervisor = User.objects.get(email=SUPERVISOR)
        self.keys = desk.unlocked(OFFICER)
        self.filed: dict[str, tuple[Report, str]] = {}

    def tell(self) -> None:
        if Report.objects.exists():
            self.say("  the reports are there already")
            return
        for tale in TALES:
            self.filed[tale.name] = self._file(tale)
        for number, tale in enumerate(TALES, start=1):
            self._bring(tale)
            self.say(f"  reports worked on: {number} of {len(TALES)}")
        told = {name: report for name, (report, _receipt) in self.filed.items()}
        add_papers(told, officer=self.officer, supervisor=self.supervisor)
        many = tell_shorts(officer=self.officer, keys=self.keys)
        self.say(f"  short reports beside them: {many}")
        _report, receipt = self.filed["parcels"]
        self.say(f"  a receipt to try at /report/inbox/: {receipt}")

    # --- The reporter's side ------------------------------------------------------------------

    def _file(self, tale: Tale) -> tuple[Report, str]:
        firm = Organisation.objects.filter(memberships__user__email="owner@business.example")
        tag, content = "", tale.content
        if tale.on_behalf and (owned := firm.first()):
            tag = passes.firm_tag(owned.uuid)
            told = {"uuid": str(owned.uuid), "name": owned.legal_name}
            by_firm = {"channel": "partner", "organisation": told, "capacity": passes.FIRM}
            content = {**content, "filed": {**content["filed"], **by_firm}}
        made = filing.file_report(
            content=content,
            identity=tale.identity,
            files=[_photo(tale.name)] if tale.photo else [],
            firm_tag=tag,
        )
        return Report.objects.get(reference=made.reference), made.receipt

    def _write(self, tale: Tale, text: str) -> None:
        _report, receipt = self.filed[tale.name]
        box = inbox.read(receipts.tag(receipt))
        if box is not None:
            words.send_word(box=box, receipt=receipt, text=text)

    # --- The desk's side ----------------------------------------------------------------------

    def _bring(self, tale: Tale) -> None:
        report, _receipt = self.filed[tale.name]
        if tale.target == Status.RECEIVED:
            return
        open_report(report=report, keys=self.keys, by=self.officer, reason=REASON)
        custody.take(report=report, by=self.officer)
        triage.acknowledge(report=report, by=self.officer)
        for who, text in tale.talk:
            if who == "reporter":
                self._write(tale, text)
            else:
                conversation.reply(
                    report=report, keys=self.keys, by=self.officer, text=text, asks="?" in text
                )
        if tale.target not in (Status.ACKNOWLEDGED, Status.OUT_OF_SCOPE):
            self._judge(tale, report)
        self._decide(tale, report)

    def _judge(self, tale: Tale, report: Report) -> None:
        source, information, handling = tale.grade
        triage.grade(
            report=report,
            by=self.officer,
            source=source,
            information=information,
            handling=handling,
        )
        if tale.priority:
            triage.prioritise(report=report, by=self.officer, priority=tale.priority)
        if tale.classified:
            triage.classify(report=report, by=self.officer, **tale.classified)
        if tale.note:
            notes.add_note(
                report=report,
                by=self.officer,
                text=tale.note,
                statement="assessment",
                source="The desk's own records",
                keys=self.keys,
            )

    def _decide(self, tale: Tale, report: Report) -> None:
        by, reason = self.officer, tale.reason
        if tale.target == REOPENED:
            self._review(report, NOTHING_NEW)
            outcomes.reopen(report=report, by=by, reason=reason)
            return
        target = Status(tale.target)
        if target in (
            Status.ASSESSED,
            Status.ACTION,
            Status.CLOSED,
            Status.REFERRED,
            Status.MALICIOUS,
        ):
            outcomes.assess(report=report, by=by)
        decide: dict[str, Callable[[], object]] = {
            Status.ACTION: lambda: outcomes.act(report=report, by=by),
            Status.MERGED: lambda: outcomes.merge(
                report=report, by=by, into=self.filed[tale.into][0]
            ),
            Status.NO_ACTION: lambda: outcomes.set_aside(report=report, by=by, reason=reason),
            Status.OUT_OF_SCOPE: lambda: outcomes.rule_out(report=report, by=by, reason=reason),
            Status.MALICIOUS: lambda: outcomes.mark_malicious(
                report=report, by=self.supervisor, reason=reason
            ),
            Status.REFERRED: lambda: self._refer(tale, report),
            Status.CLOSED: lambda: self._close(report),
            Status.RETENTION_REVIEW: lambda: self._review(report, reason),
            Status.ERASED: lambda: self._erase(report, reason),
        }
        if made := decide.get(target):
            made()

    def _refer(self, tale: Tale, report: Report) -> None:
        notes.sanitise(report=report, keys=self.keys, by=self.officer, text=tale.sanitised)
        referrals.refer(
            report=report,
            keys=self.keys,
            by=self.officer,
            receiver=tale.receiver,
            legal_basis=BASIS,
        )

    def _close(self, report: Report) -> None:
        outcomes.act(report=report, by=self.officer)
        if Firm.objects.filter(report=report).exists():
            conversation.give_feedback(report=report, by=self.officer, code="used")
        outcomes.close(report=report, by=self.officer, feedback_on=timezone.localdate())

    def _review(self, report: Report, reason: str) -> None:
        outcomes.set_aside(report=report, by=self.officer, reason=reason)
        outcomes.close(report=report, by=self.officer)
        retention.review(report=report, by=self.supervisor)

    def _erase(self, report: Report, reason: str) -> None:
        self._review(report, reason)
        retaining.erase(report=Report.objects.get(pk=report.pk), rule="no_action")


def _photo(name: str) -> filing.KeptFile:
    """A picture as a phone would send it, examined and cleaned like any other."""
    picture = Image.new("RGB", (1280, 960), "#8fa3b5")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((140, 300, 1140, 760), fill="#a4452c", outline="#5d2415", width=8)
    for left in range(180, 1120, 60):
        draw.line((left, 320, left, 740), fill="#8a3722", width=10)
    draw.rectangle((0, 760, 1280, 960), fill="#5a5f63")
    data = BytesIO()
    picture.save(data, "JPEG", quality=82)
    original = data.getvalue()
    examined = files.examine(f"{name}.jpg", original)
    view = examined.view or b""
    return filing.KeptFile(
        id=uuid.uuid4(),
        name=examined.name,
        kind=examined.kind,
        size=len(original),
        sha256=hashlib.sha256(original).hexdigest(),
        scan=examined.scan,
        original=lambda: [original],
        view=lambda: [view] if view else [],
        note=examined.note,
    )
