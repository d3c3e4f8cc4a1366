"""Signing: a person authorises in the browser; the document worker makes the signature."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import course, lifecycle, permissions, signing_permissions
from mou.actions import papers
from mou.consent import Consent
from mou.lifecycle import SignatureStatus
from mou.models import Delegation, Document, Mou, MouVersion, Party, Signature, Step
from mou.models.signatures import LIVE
from portal import audit, outbox
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User

# An authorisation that no worker used within this time is asked for again.
AUTHORISATION_LASTS = timedelta(minutes=15)

# Party → the document it signs, the one that leaves, the same with its time stamp.
STEPS = {
    Party.BUSINESS: (Step.SEALED, Step.BUSINESS, Step.BUSINESS_STAMPED),
    Party.ADMINISTRATION: (
        Step.BUSINESS_STAMPED,
        Step.ADMINISTRATION,
        Step.ADMINISTRATION_STAMPED,
    ),
}


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
    """The firm's named signatory authorises the firm's signature."""
    version = papers.lock(version)
    signer = signing_permissions.signer_of(version)
    if signer is None or signer.user_id != by.pk:
        raise NotAllowed(
            _("Only the signatory whom the firm has named, or their delegate, can sign.")
        )
    if not signing_permissions.can_sign(by, version):
        _refuse_with_reason(version, Party.BUSINESS, "sign")
        raise NotAllowed(_("You can no longer sign for this firm."))
    return _authorise(version, Party.BUSINESS, declaration, by)


@transaction.atomic
def countersign(*, version: MouVersion, declaration: Declaration, by: User) -> Signature:
    """An officer who did not draft the text authorises the administration's signature."""
    version = papers.lock(version)
    if not by.has_role("countersigner") or version.drafted_by_id == by.pk:
        raise NotAllowed(_("A countersigner who did not draft the text must countersign."))
    if not permissions.can_countersign(by, version):
        _refuse_with_reason(version, Party.ADMINISTRATION, "countersign")
    if not is_stamped(version, Party.BUSINESS):
        raise DomainError(
            _("The firm's signature is not complete yet. You get a message when it is.")
        )
    return _authorise(version, Party.ADMINISTRATION, declaration, by)


def is_stamped(version: MouVersion, party: str) -> bool:
    return version.signatures.filter(party=party, status=SignatureStatus.STAMPED).exists()


def document_to_sign(version: MouVersion, party: str) -> Document:
    """The frozen document that this party signs."""
    return version.documents.get(step=STEPS[Party(party)][0])


def _refuse_with_reason(version: MouVersion, party: str, verb: str) -> None:
    _refuse_second(version, party)
    course.demand(course.course_of_version(version), verb)
    lifecycle.after(lifecycle.VERSION, "complete", version.status)


def _refuse_second(version: MouVersion, party: str) -> None:
    first = version.signatures.filter(party=party, status__in=LIVE).first()
    if first is not None:
        when = date_format(timezone.localtime(first.authorised_at), "DATETIME_FORMAT")
        raise AlreadyDone(
            _("%(name)s signed for this party on %(when)s. Nothing more is needed from you.")
            % {"name": first.signer_name, "when": when}
        )


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


def _authorise(version: MouVersion, party: Party, declaration: Declaration, by: User) -> Signature:
    _refuse_second(version, party)
    refuse_fallen_basis(version.mou)
    if version.sign_by is not None and version.sign_by < timezone.localdate():
        raise DomainError(_("The time for signing is over. The text goes back to be agreed again."))
    document = document_to_sign(version, party)
    if document.sha256 != declaration.document_sha256:
        raise DomainError(_("The document has changed since you opened it. Read it again."))
    named = version.content["signatories"]["business"]["name"]
    delegation = signing_permissions.delegation_of(version) if party == Party.BUSINESS else None
    signatory = delegation.signatory.user.name if delegation is not None else by.name
    if party == Party.BUSINESS and named.split() != signatory.split():
        raise DomainError(
            _("The document names %(named)s as signatory, and the name here is %(name)s.")
            % {"named": named, "name": signatory}
        )
    if declaration.typed_name.split() != by.name.split():
        raise DomainError(_("Type your name exactly as it is shown: %(name)s") % {"name": by.name})
    now = timezone.now()
    evidence = _evidence(version, party, declaration, by, now.isoformat())
    if delegation is not None:
        evidence["delegation"] = _delegated(delegation)
    signature = Signature.objects.create(
        version=version,
        party=party,
        signer=by,
        signer_name=by.name,
        signer_function=declaration.function,
        document_sha256=document.sha256,
        evidence=evidence,
        evidence_sha256=hashlib.sha256(_canonical(evidence)).hexdigest(),
        authorised_at=now,
        expires_at=now + AUTHORISATION_LASTS,
    )
    audit.record(
        "signature_authorised",
        target=version,
        by=by,
        organisation=version.mou.organisation,
        party=party.value,
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
    version: MouVersion, party: Party, declaration: Declaration, by: User, at: str
) -> dict[str, object]:
    return {
        "agreement": version.mou.number,
        "version": version.number,
        "party": party.value,
        "content_sha256": version.content_hash,
        "template": f"{version.template.language}-{version.template.version}",
        "signer": {"id": str(by.uuid), "name": by.name, "email": by.email},
        "declaration": asdict(declaration) | {"consent": asdict(declaration.consent)},
        "authorised_at": at,
    }


def _delegated(delegation: Delegation) -> dict[str, str]:
    """In whose place the signer signs, and why."""
    return {
        "id": str(delegation.signatory.user.uuid),
        "name": delegation.signatory.user.name,
        "function": delegation.version.content["signatories"]["business"]["function"],
        "reason": delegation.reason,
        "at": delegation.delegated_at.isoformat(),
    }


def _canonical(evidence: dict[str, object]) -> bytes:
    return json.dumps(evidence, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
