"""One good row of a list, taken over: firm, certificate, offer."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mou.actions import offers, organisations, trust
from mou.certificates import Certificate, stem
from mou.lifecycle import OfferStatus
from mou.models import (
    Basis,
    ComponentState,
    Mou,
    MouOffer,
    Programme,
    TrustScheme,
    TrustStatus,
)
from mou.models.agreements import ENDED
from portal import audit, reference
from portal.models import Organisation, User

# The lists are those of this scheme, and its holders are offered this programme.
SCHEME, PROGRAMME = "aeo", "mou"
# A date further ahead is a slip of the pen, and its offer would never go out.
FURTHEST = timedelta(days=366)


class Rejected(Exception):
    """This row contradicts what is in the register."""


class Register:
    """What is known of the firms and certificates of a slice, read in five queries."""

    def __init__(self, wanted: list[Certificate]) -> None:
        self.scheme = TrustScheme.objects.get(code=SCHEME)
        self.programme = Programme.objects.get(code=PROGRAMME)
        eoris = {certificate.eori for certificate in wanted}
        numbers = {certificate.normalised for certificate in wanted}
        self.firms = {firm.eori: firm for firm in Organisation.objects.filter(eori__in=eoris)}
        ids = [firm.pk for firm in self.firms.values()]
        known = TrustStatus.objects.filter(scheme=self.scheme).select_related("organisation")
        self.by_number: dict[str, TrustStatus] = {}
        self.by_stem: dict[tuple[int, str], TrustStatus] = {}
        for status in known.filter(organisation__in=ids):
            self.remember(status)
        for status in known.filter(number_normalised__in=numbers):
            self.remember(status)
        offered = MouOffer.objects.filter(programme=self.programme, organisation__in=ids)
        self.offers = {offer.organisation_id: offer for offer in offered.order_by("pk")}
        agreed = Mou.objects.filter(programme=self.programme, organisation__in=ids)
        self.agreed = set(
            agreed.exclude(status__in=ENDED).values_list("organisation_id", flat=True)
        )

    def remember(self, status: TrustStatus) -> None:
        self.by_number[status.number_normalised] = status
        key = status.organisation_id, stem(status.number)
        self.by_stem[key] = status

    def find(self, certificate: Certificate) -> TrustStatus | None:
        """By its number, or as the same firm's certificate of another type before."""
        found = self.by_number.get(certificate.normalised)
        firm = self.firms.get(certificate.eori)
        if found is None and firm is not None:
            found = self.by_stem.get((firm.pk, stem(certificate.number)))
        return found


def take_over(certificate: Certificate, register: Register, by: User) -> str:
    """Take one row over; returns which of the import's counts it belongs to."""
    if certificate.effective_from > timezone.localdate() + FURTHEST:
        raise Rejected(_("The effective date lies more than a year ahead."))
    status = register.find(certificate)
    if status is None:
        firm = _firm(certificate, register, by)
        organisations.rename(organisation=firm, legal_name=certificate.holder, by=by)
        status = trust.grant(
            scheme=register.scheme,
            organisation=firm,
            number=certificate.number,
            type=certificate.type,
            effective_from=certificate.effective_from,
            by=by,
        )
        register.remember(status)
        _offer(status, certificate, register)
        return "new"
    if status.organisation.eori != certificate.eori:
        raise Rejected(
            _("The certificate is held by another firm: %(holder)s, EORI %(eori)s.")
            % {"holder": status.organisation, "eori": status.organisation.eori or "–"}
        )
    changes = [
        organisations.rename(
            organisation=status.organisation, legal_name=certificate.holder, by=by
        ),
        _amend(status, certificate, register, by),
        _offer(status, certificate, register),
    ]
    return "changed" if any(changes) else "unchanged"


def _firm(certificate: Certificate, register: Register, by: User) -> Organisation:
    firm = register.firms.get(certificate.eori)
    if firm is None:
        firm = Organisation.objects.create(
            legal_name=certificate.holder, country=certificate.country, eori=certificate.eori
        )
        audit.record("organisation_added", target=firm, by=by, organisation=firm)
        register.firms[certificate.eori] = firm
    return firm


def _amend(status: TrustStatus, certificate: Certificate, register: Register, by: User) -> bool:
    same = (
        status.number_normalised == certificate.normalised
        and status.type == certificate.type
        and status.effective_from == certificate.effective_from
    )
    if same:
        return False
    amended = trust.amend(
        status=status,
        number=certificate.number,
        type=certificate.type,
        effective_from=certificate.effective_from,
        by=by,
    )
    register.remember(amended)
    return True


def _offer(status: TrustStatus, certificate: Certificate, register: Register) -> bool:
    """Offer once a firm; an unsent offer takes an address that the register has learnt since."""
    known = register.offers.get(status.organisation_id)
    if known is not None:
        return _learn_address(known, certificate)
    if status.organisation_id in register.agreed or not _worth_offering(status):
        return False
    register.offers[status.organisation_id] = offers.offer(
        organisation=status.organisation,
        programme=register.programme,
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        contact_email=certificate.email,
        contact_source=_("register import") if certificate.email else "",
        by=None,
    )
    return True


def _learn_address(offer: MouOffer, certificate: Certificate) -> bool:
    open_still = offer.status == OfferStatus.UNSENT and offer.contact_verified_by_id is None
    if not open_still or certificate.email in ("", offer.contact_email):
        return False
    offers.learn_contact(offer=offer, email=certificate.email, source=_("register import"))
    return True


def _worth_offering(status: TrustStatus) -> bool:
    return ComponentState.VALID in (status.simplifications, status.security)


def doubts(certificate: Certificate, register: Register) -> str:
    """What an officer should look at, although the row was taken over."""
    found = [reference.eori_warning(certificate.eori)]
    status = register.by_number[certificate.normalised]
    if {status.simplifications, status.security} & {
        ComponentState.SUSPENDED,
        ComponentState.REVOKED,
    }:
        found.append(_("The list names it, but here it is suspended or revoked."))
    return " ".join(filter(None, found))
