"""The document worker's half of signing: what a person authorised is made, kept and stamped."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import keys, lifecycle, notifications, permissions, signing, signing_permissions
from mou.actions import papers
from mou.actions.signatures import is_stamped, refuse_fallen_basis, steps_of
from mou.lifecycle import SignatureStatus
from mou.models import MouVersion, Party, Signature
from portal import audit, outbox, timestamps
from portal.errors import DomainError


def apply_signature(*, signature: Signature) -> None:
    """Worker: make the authorised signature, keep it, then add its time stamp.

    May run twice. Raises TimestampUnavailable when the stamp cannot be had now; the signature
    made stays and the next run only adds the stamp.
    """
    signature.refresh_from_db()
    if signature.status == SignatureStatus.AUTHORISED:
        _make(signature)
        signature.refresh_from_db()
    if signature.status == SignatureStatus.SIGNED:
        _stamp(signature)


def _make(signature: Signature) -> None:
    version = signature.version
    source, made, _stamped = steps_of(version, signature.party, signature.place)
    if signature.expires_at <= timezone.now():
        _close(signature, "lapse", "")
        return
    pdf = signing.sign(
        papers.read(version, source),
        field=signature.field,
        signer=_identity(signature),
        reason=_("Evidence SHA-256 %(hash)s") % {"hash": signature.evidence_sha256},
        keys=keys.load(),
    )
    with transaction.atomic():
        version, signature = papers.lock(version), _relock(signature)
        if signature.status != SignatureStatus.AUTHORISED:
            return
        try:
            _refuse_who_may_no_longer(signature, version)
            refuse_fallen_basis(version.mou)
        except DomainError as error:
            _close(signature, "refuse", str(error))
            return
        if signature.expires_at <= timezone.now():
            _close(signature, "lapse", "")
            return
        papers.keep(version, made, pdf)
        signature.status = lifecycle.after(lifecycle.SIGNATURE, "apply", signature.status)
        signature.signed_at = timezone.now()
        signature.save(update_fields=["status", "signed_at"])


def _refuse_who_may_no_longer(signature: Signature, version: MouVersion) -> None:
    """Up to 15 minutes lie between the authorisation and this: a person may have left since."""
    may = (
        signing_permissions.can_sign
        if signature.party == Party.BUSINESS
        else permissions.can_countersign
    )
    if not may(signature.signer, version):
        raise DomainError(_("The person who signed may no longer sign for this party."))


def _stamp(signature: Signature) -> None:
    version = signature.version
    _source, made, stamped = steps_of(version, signature.party, signature.place)
    pdf = signing.stamp(
        papers.read(version, made),
        field=signature.field,
        timestamper=timestamps.client(),
    )
    with transaction.atomic():
        version, signature = papers.lock(version), _relock(signature)
        if signature.status != SignatureStatus.SIGNED:
            return
        papers.keep(version, stamped, pdf)
        signature.status = lifecycle.after(lifecycle.SIGNATURE, "stamp", signature.status)
        signature.stamped_at = timezone.now()
        signature.save(update_fields=["status", "stamped_at"])
        _go_on(version, signature)


def _go_on(version: MouVersion, signature: Signature) -> None:
    event = "countersigned"
    if signature.party == Party.BUSINESS:
        event = "signed" if is_stamped(version, Party.BUSINESS) else "signed_in_part"
    else:
        version.status = lifecycle.after(lifecycle.VERSION, "complete", version.status)
        outbox.enqueue(
            "mou.archive", key=f"archive:{version.pk}", queue="pdf", version_id=version.pk
        )
    version.waiting_for = ""
    version.save(update_fields=["status", "waiting_for"])
    audit.record(
        event,
        target=version,
        by=signature.signer,
        organisation=version.mou.organisation,
        signature=str(signature.uuid),
        place=signature.place,
    )
    notifications.notify(event, mou=version.mou)


def _close(signature: Signature, verb: str, reason: str) -> None:
    """Lapse or refuse an authorisation and tell its signer, who may authorise anew."""
    with transaction.atomic():
        signature = _relock(signature)
        if signature.status != SignatureStatus.AUTHORISED:
            return  # another worker did
        signature.status = lifecycle.after(lifecycle.SIGNATURE, verb, signature.status)
        signature.refusal = reason
        signature.save(update_fields=["status", "refusal"])
        event = "signature_lapsed" if verb == "lapse" else "signature_refused"
        audit.record(
            event,
            target=signature.version,
            by=None,
            organisation=signature.version.mou.organisation,
            signature=str(signature.uuid),
        )
        notifications.notify(event, mou=signature.version.mou, signature=signature)


def _relock(signature: Signature) -> Signature:
    return Signature.objects.select_for_update(of=("self",)).get(pk=signature.pk)


def _identity(signature: Signature) -> signing.SignerIdentity:
    organisation = signature.version.content["business"]["legal_name"]
    country = signature.version.content["business"]["country"]
    if signature.party == Party.ADMINISTRATION:
        organisation = signature.version.content["administration"]["name"]
        country = signature.version.content["administration"]["country"]
    return signing.SignerIdentity(
        name=signature.signer_name,
        function=signature.signer_function,
        organisation=organisation,
        country=country,
    )
