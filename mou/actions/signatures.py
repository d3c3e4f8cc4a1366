"""Signing: a person authorises in the browser; the document worker makes the signature."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import course, lifecycle, permissions, signing_permissions, signing_power
from mou.actions import papers
from mou.consent import Consent
from mou.lifecycle import SignatureStatus
from mou.models import Document, Mou, MouVersion, Party, Signature, Step
from mou.models.signatures import FIRM_STEPS, LIVE
from mou.seats import Seat, Table, table_of
from portal import audit, outbox
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User

# An authorisation that no worker used within this time is asked for again.
AUTHORISATION_LASTS = timedelta(minutes=15)


@dataclass(frozen=True)
class Declaration:
    """What the signer declared in the browser, and how they proved who they are."""

    typed_name: str
    function: str
    consent: Consent
    document_sha256: str
    factor: str
    factor_evidence: dict[str, str]
    address: str
    browser: str
    # The sentence by which the signer declared the power to represent.
    power: str = ""


@transaction.atomic
def sign(*, version: MouVersion, declaration: Declaration, by: User) -> Signature:
    """A signatory whom the firm has named, or the delegate, authorises one of its signatures."""
    version = papers.lock(version)
    table = table_of(version)
    seat = demand_seat(table, by)
    refuse_taken(table, by)
    if not signing_permissions.can_sign(by, version):
        _refuse_with_reason(version, "sign")
        raise NotAllowed(_("You can no longer sign for this firm."))
    document = _check(version, Party.BUSINESS, declaration)
    _check_names(version, seat, declaration, by)
    evidence = _evidence(version, Party.BUSINESS, declaration, by)
    if table.needed > 1:
        evidence["together"] = {
            "place": len(table.live) + 1,
            "needed": table.needed,
            "power": version.signing_power,
        }
    if seat.delegation is not None:
        evidence["delegation"] = _delegated(seat)
    return _authorise(
        version,
        document,
        evidence,
        by,
        party=Party.BUSINESS,
        signer_function=declaration.function,
        place=len(table.live) + 1,
        signatory=seat.signatory,
    )


@transaction.atomic
def countersign(*, version: MouVersion, declaration: Declaration, by: User) -> Signature:
    """An officer who did not draft the text authorises the administration's signature."""
    version = papers.lock(version)
    if not by.has_role("countersigner") or version.drafted_by_id == by.pk:
        raise NotAllowed(_("A countersigner who did not draft the text must countersign."))
    _refuse_second(version)
    if not permissions.can_countersign(by, version):
        _refuse_with_reason(version, "countersign")
    if not is_stamped(version, Party.BUSINESS):
        raise DomainError(
            _("The firm's signature is not complete yet. You get a message when it is.")
        )
    document = _check(version, Party.ADMINISTRATION, declaration)
    _check_typed(declaration, by)
    evidence = _evidence(version, Party.ADMINISTRATION, declaration, by)
    return _authorise(
        version,
        document,
        evidence,
        by,
        party=Party.ADMINISTRATION,
        signer_function=declaration.function,
    )


def is_stamped(version: MouVersion, party: str) -> bool:
    """Whether all signatures of this party are made and time-stamped."""
    needed = version.signatures_needed if party == Party.BUSINESS else 1
    return _stamped(version, party) >= needed


def _stamped(version: MouVersion, party: str) -> int:
    return version.signatures.filter(party=party, status=SignatureStatus.STAMPED).count()


def steps_of(version: MouVersion, party: str, place: int) -> tuple[str, str, str]:
    """The document that this signature is made on, the one it makes, that with its time stamp."""
    if party == Party.ADMINISTRATION:
        source = FIRM_STEPS[version.signatures_needed - 1][1]
        return source, Step.ADMINISTRATION, Step.ADMINISTRATION_STAMPED
    made, stamped = FIRM_STEPS[place - 1]
    return FIRM_STEPS[place - 2][1] if place > 1 else Step.SEALED, made, stamped


def document_to_sign(version: MouVersion, party: str) -> Document:
    """The frozen document that this party signs next."""
    place = 1
    if party == Party.BUSINESS:
        place = min(_stamped(version, party) + 1, version.signatures_needed)
    return version.documents.get(step=steps_of(version, party, place)[0])


def demand_seat(table: Table, by: User) -> Seat:
    """Where this person signs for the firm; NotAllowed for anybody else."""
    seat = table.seat_of(by)
    if seat is None:
        raise NotAllowed(
            _("Only the signatory whom the firm has named, or their delegate, can sign.")
        )
    return seat


def refuse_taken(table: Table, by: User) -> None:
    """Why this person's signature is not wanted, or not now."""
    seat = table.seat_of(by)
    of_seat = seat.signature if seat is not None else None
    own = next((one for one in table.live if one.signer_id == by.pk), of_seat)
    if own is not None and not table.is_full:
        raise AlreadyDone(
            _("%(name)s signed on %(when)s. The agreement waits for another signatory of the firm.")
            % {"name": own.signer_name, "when": _when(own)}
        )
    if table.is_full:
        first = own or table.live[-1]
        raise AlreadyDone(
            _("%(name)s signed for this party on %(when)s. Nothing more is needed from you.")
            % {"name": first.signer_name, "when": _when(first)}
        )
    if (busy := table.being_made) is not None:
        raise DomainError(
            _(
                "%(name)s is signing at this moment. Wait for that signature, a minute at most, "
                "then read the document again and sign it."
            )
            % {"name": busy.signer_name}
        )


def _refuse_second(version: MouVersion) -> None:
    first = version.signatures.filter(party=Party.ADMINISTRATION, status__in=LIVE).first()
    if first is not None:
        raise AlreadyDone(
            _("%(name)s signed for this party on %(when)s. Nothing more is needed from you.")
            % {"name": first.signer_name, "when": _when(first)}
        )


def _refuse_with_reason(version: MouVersion, verb: str) -> None:
    course.demand(course.course_of_version(version), verb)
    lifecycle.after(lifecycle.VERSION, "complete", version.status)


def _when(signature: Signature) -> str:
    return date_format(timezone.localtime(signature.authorised_at), "DATETIME_FORMAT")


def refuse_fallen_basis(mou: Mou) -> None:
    """DomainError when the certificate that the agreement rests on is not valid now."""
    status = mou.trust_status
    if status is not None and not status.holds(mou.required_component):
        raise DomainError(
            _(
                "The certificate %(number)s that this agreement rests on is not valid now, "
                "so it cannot be signed. Nothing was recorded."
            )
            % {"number": status.number}
        )


def _check(version: MouVersion, party: Party, declaration: Declaration) -> Document:
    """The document that is signed, where nothing speaks against it now."""
    refuse_fallen_basis(version.mou)
    if version.sign_by is not None and version.sign_by < timezone.localdate():
        raise DomainError(_("The time for signing is over. The text goes back to be agreed again."))
    document = document_to_sign(version, party)
    if document.sha256 != declaration.document_sha256:
        raise DomainError(_("The document has changed since you opened it. Read it again."))
    return document


def _check_names(version: MouVersion, seat: Seat, declaration: Declaration, by: User) -> None:
    """The text names whom it names, whatever that person is called since."""
    signatory = seat.signatory.user.name if seat.delegation is not None else by.name
    names = [one["name"] for one in signing_power.firm_in(version.content)]
    if signatory.split() not in [name.split() for name in names]:
        raise DomainError(
            _("The document names %(named)s as signatory, and the name here is %(name)s.")
            % {"named": ", ".join(names), "name": signatory}
        )
    _check_typed(declaration, by)


def _check_typed(declaration: Declaration, by: User) -> None:
    if declaration.typed_name.split() != by.name.split():
        raise DomainError(_("Type your name exactly as it is shown: %(name)s") % {"name": by.name})


def _authorise(
    version: MouVersion,
    document: Document,
    evidence: dict[str, object],
    by: User,
    **fields: Any,
) -> Signature:
    now = timezone.now()
    evidence["authorised_at"] = now.isoformat()
    signature = Signature.objects.create(
        version=version,
        signer=by,
        signer_name=by.name,
        document_sha256=document.sha256,
        evidence=evidence,
        evidence_sha256=hashlib.sha256(_canonical(evidence)).hexdigest(),
        authorised_at=now,
        expires_at=now + AUTHORISATION_LASTS,
        **fields,
    )
    audit.record(
        "signature_authorised",
        target=version,
        by=by,
        organisation=version.mou.organisation,
        party=signature.party,
        place=signature.place,
        document=document.sha256,
        evidence=signature.evidence_sha256,
    )
    outbox.enqueue(
        "mou.apply_signature",
        key=f"apply_signature:{signature.pk}",
        queue="pdf",
        signature_id=signature.pk,
    )
    return signature


def _evidence(
    version: MouVersion, party: Party, declaration: Declaration, by: User
) -> dict[str, object]:
    return {
        "agreement": version.mou.number,
        "version": version.number,
        "party": party.value,
        "content_sha256": version.content_hash,
        "template": f"{version.template.language}-{version.template.version}",
        "signer": {"id": str(by.uuid), "name": by.name, "email": by.email},
        "declaration": asdict(declaration) | {"consent": asdict(declaration.consent)},
    }


def _delegated(seat: Seat) -> dict[str, str]:
    """In whose place the signer signs, and why."""
    delegation = seat.delegation
    assert delegation is not None  # noqa: S101 - the caller has looked
    return {
        "id": str(seat.signatory.user.uuid),
        "name": seat.signatory.user.name,
        "function": seat.function,
        "reason": delegation.reason,
        "at": delegation.delegated_at.isoformat(),
    }


def _canonical(evidence: dict[str, object]) -> bytes:
    return json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
