"""One good row of a list, taken over as it was shown: firm, certificate, offer."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from mou.actions import consents, offers, organisations, trust
from mou.certificate_cells import NOT_GIVEN
from mou.certificates import Certificate
from mou.comparison import HALVES, VERBS, Register, Rejected, compare
from mou.models import Basis, ConsentKind, DifferenceKind, TrustStatus
from portal import audit
from portal.models import Organisation, User


def take_over(
    certificate: Certificate,
    register: Register,
    by: User,
    shown: dict[str, list[str]],
    *,
    reason: str,
) -> str:
    """Take one row over; returns which of the import's counts it belongs to.

    `shown`: what the officer confirmed of this row. Whatever goes beyond that is Rejected: the
    register has changed since, and nobody has seen what the row would do now.
    """
    change = compare(certificate, register)
    if change is None:
        return "unchanged"
    if change.goes_beyond(shown):
        raise Rejected(_("The register has changed since the list was compared. Send it again."))
    fields = change.fields
    firm = _firm(certificate, register, by)
    if "holder" in fields:
        organisations.rename(organisation=firm, legal_name=certificate.holder, by=by)
    status = register.find(certificate)
    if status is None:
        status = _grant(certificate, register, firm, by)
    elif fields.keys() & {"number", "type", "effective"}:
        status = _amend(status, certificate, by)
    status = _follow(status, certificate, fields, by, reason)
    status.organisation = firm
    register.remember(status)
    if "offer" in fields:
        _offer(status, certificate, register)
    if "email" in fields:
        known = register.offers[firm.pk]
        offers.learn_contact(offer=known, email=certificate.email, source=_("register import"))
    return "new" if change.kind == DifferenceKind.NEW else "changed"


def _firm(certificate: Certificate, register: Register, by: User) -> Organisation:
    firm = register.firms.get(certificate.eori)
    if firm is None:
        firm = Organisation.objects.create(
            legal_name=certificate.holder, country=certificate.country, eori=certificate.eori
        )
        audit.record("organisation_added", target=firm, by=by, organisation=firm)
        register.firms[certificate.eori] = firm
    return firm


def _grant(
    certificate: Certificate, register: Register, firm: Organisation, by: User
) -> TrustStatus:
    return trust.grant(
        scheme=register.scheme,
        organisation=firm,
        number=certificate.number,
        type=certificate.type,
        effective_from=certificate.effective_from,
        by=by,
    )


def _amend(status: TrustStatus, certificate: Certificate, by: User) -> TrustStatus:
    return trust.amend(
        status=status,
        number=certificate.number,
        type=certificate.type,
        effective_from=certificate.effective_from,
        by=by,
    )


def _follow(
    status: TrustStatus,
    certificate: Certificate,
    fields: dict[str, list[str]],
    by: User,
    reason: str,
) -> TrustStatus:
    """What the list says beside holder, number, type and date."""
    today = timezone.localdate()
    if "authority" in fields:
        status.authority = certificate.authority
        status.save(update_fields=["authority"])
        audit.record(
            "trust_authority_changed", target=status, by=by, organisation=status.organisation
        )
    for verb, component in _verbs(fields):
        status = trust.record(
            verb=verb,
            status=status,
            component=component,
            decided_on=certificate.decided,
            effective_on=certificate.since or today,
            reason=reason,
            by=by,
        )
    for kind in fields.keys() & set(ConsentKind.values):
        said = fields[kind][1]
        if said == NOT_GIVEN:
            consents.withdraw_consent(status=status, kind=kind, withdrawn_on=today, by=by)
        else:
            day = date.fromisoformat(said)
            consents.give_consent(status=status, kind=kind, given_on=day, by=by)
    return status


def _verbs(fields: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Verb and component; both halves at once where the same happened to both."""
    found = {
        half: VERBS[fields[field][0], fields[field][1]]
        for field, half in HALVES.items()
        if field in fields
    }
    if len(found) == 2 and len(set(found.values())) == 1:
        return [(found["C"], "F")]
    return [(verb, half) for half, verb in found.items()]


def _offer(status: TrustStatus, certificate: Certificate, register: Register) -> None:
    """One that lives a firm; without an address it waits for one."""
    made = offers.offer(
        organisation=status.organisation,
        programme=register.programme,
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        contact_email=certificate.email,
        contact_source=_("register import") if certificate.email else "",
        by=None,
    )
    register.offered(made)
