"""A report as the files of an export: what was told, said, noted and decided, and what was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal import handling
from portal.keyring import Unlocked
from reporting import content as contents
from reporting import dossier, exports, opening
from reporting.exports import Item
from reporting.models import Kind, Report
from reporting.opening import Entry, Opened


def items(
    report: Report, opened: Opened, keys: Unlocked, *, sanitised: bool, with_files: bool
) -> Iterator[Item]:
    """Texts at once, files only when they are packed."""
    folder = report.reference
    yield _json(f"{folder}/about.json", about(report, clues=not sanitised))
    if opened.sanitised is not None:
        yield Item(f"{folder}/sanitised.txt", [opened.sanitised.told["text"].encode()])
    if sanitised:
        return
    yield Item(f"{folder}/report.txt", [written(opened).encode()])
    yield _json(f"{folder}/report.json", opened.content)
    yield _json(f"{folder}/conversation.json", [_told(one) for one in opened.conversation])
    yield _json(f"{folder}/notes.json", [_told(one) for one in opened.notes])
    yield _json(f"{folder}/referrals.json", [_told(one) for one in opened.of(Kind.REFERRAL)])
    if with_files:
        yield from _files(report, opened, keys)


def limits(reports: Iterable[Report]) -> tuple[str, str]:
    """The handling codes of what is exported together, and what each of them forbids."""
    codes = sorted({report.handling for report in reports})
    return ", ".join(codes), " ".join(str(handling.LIMITS[code]) for code in codes)


def about(report: Report, *, clues: bool) -> dict[str, Any]:
    """The plain side; without clues to the source, no more than it takes to use it."""
    told = {
        "reference": report.reference,
        "handling": report.handling,
        "limits": str(handling.LIMITS[report.handling]),
        "grade": dossier.grade_of(report),
    }
    if not clues:
        return told
    return told | {
        "received_hour": report.received_hour.isoformat(),
        "status": report.status,
        "gradings": [
            {
                "grade": f"{one.source_grade}{one.information_grade}/{one.handling}",
                "at": one.graded_at.isoformat(timespec="minutes"),
                "by": f"user:{one.graded_by_id}",
            }
            for one in report.gradings.order_by("id")
        ],
        "referrals": [
            {
                "receiver": one.receiver,
                "legal_basis": one.legal_basis,
                "at": one.referred_at.isoformat(timespec="minutes"),
                "by": f"user:{one.referred_by_id}",
            }
            for one in report.referrals.order_by("id")
        ],
    }


def written(opened: Opened) -> str:
    """What was told, to be read without any program but an editor."""
    lines = [] if opened.content else [_("The report does not open: it was altered.")]
    for section in contents.sections(opened.content):
        lines += ["", section.title.upper()]
        lines += [f"{row.label}: {row.value} {row.warning}".strip() for row in section.rows]
    return "\r\n".join(lines).strip() + "\r\n"


def _files(report: Report, opened: Opened, keys: Unlocked) -> Iterator[Item]:
    told = [opened.content, *(entry.told for entry in opened.of(Kind.MESSAGE))]
    files = [file for one in told for file in one.get("files", [])]
    for place, file in enumerate(files, start=1):
        name = f"{place:02} {exports.safe_name(file['name'])}"
        for folder, copy in (("originals", "original"), ("views", "view")):
            if file.get(copy):
                pieces = opening.copy_of(report, file, copy, keys)
                yield Item(f"{report.reference}/{folder}/{name}", pieces)


def _told(entry: Entry) -> dict[str, Any]:
    known = {"kind": entry.kind, "hour": entry.hour.isoformat(), "broken": entry.broken}
    author = {"by": f"user:{entry.author_id}"} if entry.author_id else {}
    return known | author | entry.told


def _json(name: str, told: Any) -> Item:
    return Item(name, [json.dumps(told, ensure_ascii=False, indent=1).encode()])
