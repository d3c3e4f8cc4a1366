"""What a row of a list says otherwise than the register; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.certificates import Certificate, stem
from mou.lifecycle import OfferStatus
from mou.models import (
    ComponentState,
    DifferenceKind,
    Mou,
    MouOffer,
    Programme,
    TrustScheme,
    TrustStatus,
)
from mou.models.agreements import ENDED
from portal import reference
from portal.models import Organisation

# The lists are those of this scheme, and its holders are offered this programme.
SCHEME, PROGRAMME = "aeo", "mou"
# A date further ahead is a slip of the pen, and its offer would never go out.
FURTHEST = timedelta(days=366)
# Field of a difference → its name for people.
FIELDS = {
    "holder": gettext_lazy("holder"),
    "number": gettext_lazy("certificate number"),
    "type": gettext_lazy("type"),
    "effective": gettext_lazy("effective date"),
    "email": gettext_lazy("contact e-mail"),
    "offer": gettext_lazy("offer"),
}
OFFER_MADE = "made"


class Rejected(Exception):
    """This row contradicts what is in the register."""


@dataclass(frozen=True)
class Change:
    """What one row changes: of which kind it is, and field → [register, list]."""

    kind: str
    fields: dict[str, list[str]]

    def goes_beyond(self, shown: dict[str, list[str]]) -> bool:
        """Whether it changes anything that was not shown, or from something else.

        That an offer would be made was shown with its address, whichever row of the firm has it.
        """
        told = {*shown, "email"} if "offer" in shown else set(shown)
        return not self.fields.keys() <= told or any(
            shown[name] != pair for name, pair in self.fields.items() if name in shown
        )


class Register:
    """What is known of the firms and certificates of a slice, read in six queries."""

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


def compare(certificate: Certificate, register: Register) -> Change | None:
    """What taking this row over would change; None where nothing. Rejected where it cannot be."""
    if certificate.effective_from > timezone.localdate() + FURTHEST:
        raise Rejected(_("The effective date lies more than a year ahead."))
    status = register.find(certificate)
    if status is not None and status.organisation.eori != certificate.eori:
        raise Rejected(
            _("The certificate is held by another firm: %(holder)s, EORI %(eori)s.")
            % {"holder": status.organisation, "eori": status.organisation.eori or "–"}
        )
    firm = register.firms.get(certificate.eori)
    fields = _fields(certificate, status, firm)
    if firm is None or firm.pk not in register.offers:
        if (firm is None or firm.pk not in register.agreed) and _worth_offering(status):
            fields["offer"] = ["", OFFER_MADE]
    elif (known := register.offers[firm.pk]) and _learns_address(known, certificate):
        fields["email"] = [known.contact_email, certificate.email]
    if status is None:
        return Change(DifferenceKind.NEW, fields)
    return Change(_kind(status, certificate), fields) if fields else None


def _fields(
    certificate: Certificate, status: TrustStatus | None, firm: Organisation | None
) -> dict[str, list[str]]:
    said = {
        "holder": certificate.holder,
        "number": certificate.number,
        "type": certificate.type,
        "effective": certificate.effective_from.isoformat(),
    }
    known = {
        "holder": firm.legal_name if firm else "",
        "number": status.number if status else "",
        "type": status.type if status else "",
        "effective": status.effective_from.isoformat() if status else "",
    }
    if status is not None and status.number_normalised == certificate.normalised:
        # Printed with other spaces it is the same number.
        said["number"] = known["number"]
    return {name: [known[name], said[name]] for name in said if known[name] != said[name]}


def _kind(status: TrustStatus, certificate: Certificate) -> str:
    """From F to one half it is downgraded (Impl. Reg. (EU) 2015/2447, Art. 34)."""
    fewer = status.type == "F" and certificate.type != "F"
    return DifferenceKind.DOWNGRADED if fewer else DifferenceKind.CHANGED


def _learns_address(offer: MouOffer, certificate: Certificate) -> bool:
    """An unsent offer takes an address that no officer has checked."""
    open_still = offer.status == OfferStatus.UNSENT and offer.contact_verified_by_id is None
    return open_still and certificate.email not in ("", offer.contact_email)


def _worth_offering(status: TrustStatus | None) -> bool:
    return status is None or ComponentState.VALID in (status.simplifications, status.security)


def doubts(certificate: Certificate, register: Register) -> str:
    """What an officer should look at, although the row can be taken over."""
    found = [reference.eori_warning(certificate.eori)]
    status = register.find(certificate)
    fallen = {ComponentState.SUSPENDED, ComponentState.REVOKED, ComponentState.ANNULLED}
    if status is not None and {status.simplifications, status.security} & fallen:
        found.append(_("The list names it, but here it is suspended or taken away."))
    return " ".join(filter(None, found))
