"""What officers write down about a report, sealed: notes, categories, sanitised texts."""

from __future__ import annotations

import json
from typing import Any

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import audit
from portal.errors import NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.sealing import Recipient
from reporting import envelopes, permissions
from reporting.actions.filing import write
from reporting.actions.holding import demand, held
from reporting.models import Envelope, Kind, Report


class Statement(models.TextChoices):
    """What is known and what is thought are kept apart (Directive (EU) 2016/680, Art. 7)."""

    FACT = "fact", _("Fact")
    ASSESSMENT = "assessment", _("Assessment")


class Category(models.TextChoices):
    """What a person is in a report (Directive (EU) 2016/680, Art. 6)."""

    SUSPECT = "suspect", _("Suspect")
    CONVICTED = "convicted", _("Convicted")
    VICTIM = "victim", _("Victim")
    WITNESS = "witness", _("Witness")
    CONTACT = "contact", _("Contact or associate")
    REPORTER = "reporter", _("Reporter")
    OFFICIAL = "official", _("Official")
    UNKNOWN = "unknown", _("Not known yet")


@transaction.atomic
def add_note(
    *,
    report: Report,
    by: User,
    text: str,
    statement: str,
    source: str,
    keys: Unlocked | None = None,
) -> Envelope:
    """A desk note: a fact with its source, or an officer's assessment; signed where unlocked."""
    report = held(report, by)
    demand(permissions.can_add_note(by, report), "add_note", report, by)
    said = Statement(statement)
    note = write_note(report, by, text=text, statement=said, source=source, keys=keys)
    audit.record("note_added", target=report, by=by, note=str(note.pk), statement=statement)
    return note


@transaction.atomic
def categorise(
    *, report: Report, by: User, person: int, category: str, keys: Unlocked | None = None
) -> Envelope:
    """Say what a person is; the person is named by the place in the report. The last word counts.

    It is an assessment and stands among the notes.
    """
    report = held(report, by)
    demand(permissions.can_categorise(by, report), "categorise", report, by)
    told = {"person": person, "category": Category(category).value}
    note = write_note(report, by, text="", statement=Statement.ASSESSMENT, keys=keys, **told)
    audit.record("categorised", target=report, by=by, note=str(note.pk))
    return note


@transaction.atomic
def sanitise(*, report: Report, keys: Unlocked, by: User, text: str) -> Envelope:
    """A text without clues to the source: the only one that may leave. Earlier ones stay.

    Signed: nobody else's text is handed over in the desk's name.
    """
    report = held(report, by)
    demand(permissions.can_sanitise(by, report), "sanitise", report, by)
    earlier = Envelope.objects.filter(report=report, kind=Kind.SANITISED)
    last = earlier.aggregate(last=Max("version"))["last"] or 0
    told = {"text": text}
    made = seal(report, by, Kind.SANITISED, told, version=last + 1, signer=signer(report, by, keys))
    audit.record("sanitised", target=report, by=by, version=last + 1)
    return made


def write_note(
    report: Report,
    by: User,
    *,
    text: str,
    statement: str,
    keys: Unlocked | None = None,
    **more: Any,
) -> Envelope:
    """In the caller's transaction; `more` is sealed with it."""
    told = {"text": text, "statement": str(statement), **more}
    return seal(
        report, by, Kind.NOTE, told, signer=signer(report, by, keys) if keys is not None else None
    )


def signer(report: Report, by: User, keys: Unlocked) -> tuple[str, bytes]:
    """By which the unit signs; the keys have to be the writer's own."""
    if keys.user.pk != by.pk:
        raise NotAllowed(_("These keys are somebody else’s."))
    return keys.signer(envelopes.unit_name(report.unit))


def seal(
    report: Report,
    by: User,
    kind: Kind,
    told: dict[str, Any],
    *,
    version: int = 1,
    also: tuple[Recipient, ...] = (),
    signer: tuple[str, bytes] | None = None,
) -> Envelope:
    """Seal what an officer wrote and add it; the minute stands inside, where nobody else reads."""
    made = envelopes.sealed(
        report.pk,
        kind,
        json.dumps({**told, "at": timezone.now().isoformat()}, ensure_ascii=False).encode(),
        unit=report.unit,
        version=version,
        also=also,
        author_id=by.pk,
        signer=signer,
    )
    write([made])
    return made[0]
