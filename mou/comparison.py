"""What a row of a list says otherwise than the register; nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.certificate_cells import NOT_GIVEN
from mou.certificates import Certificate, stem
from mou.lifecycle import OfferStatus
from mou.models import (
    ComponentState,
    ConsentKind,
    DifferenceKind,
    MouOffer,
    Outcome,
    Programme,
    StatusConsent,
    TrustScheme,
    TrustStatus,
)
from mou.models.trust import COMPONENTS
from mou.obstacles import obstacles
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
    "authority": gettext_lazy("competent authority"),
    "simplifications": gettext_lazy("customs simplifications"),
    "security": gettext_lazy("security and safety"),
    "publication": gettext_lazy("consent to publication"),
    "exchange": gettext_lazy("consent to exchange"),
    "offer": gettext_lazy("offer"),
}
OFFER_MADE = "made"
V, S = ComponentState.VALID, ComponentState.SUSPENDED
R, A = ComponentState.REVOKED, ComponentState.ANNULLED
# From what a half is worth here to what the list says → the verb that records it.
VERBS: dict[tuple[str, str], str] = {
    (V, S): "suspend",
    (S, V): "reinstate",
    **dict.fromkeys([(V, R), (S, R)], "revoke"),
    **dict.fromkeys([(V, A), (S, A)], "annul"),
}
# What a list says of a half → the kind of the difference; the gravest first.
KINDS = {
    A: DifferenceKind.ANNULLED,
    R: DifferenceKind.REVOKED,
    S: DifferenceKind.SUSPENDED,
    V: DifferenceKind.REINSTATED,
}
HALVES = {"simplifications": "C", "security": "S"}


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
    """What is known of the firms and certificates of a slice, read in seven queries."""

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
        self.obstacles = obstacles(self.programme, ids)
        self.consents: dict[tuple[int, str], str] = {
            (consent.status_id, consent.kind): consent.given_on.isoformat()
            for consent in StatusConsent.objects.filter(
                status__in=[status.pk for status in self.by_number.values()], withdrawn_on=None
            )
        }

    def consents_told(
        self, certificate: Certificate, status: TrustStatus | None
    ) -> dict[str, list[str]]:
        """What the list says otherwise of the holder's consents."""
        found = {}
        for kind in ConsentKind.values:
            said = getattr(certificate, kind)
            known = self.consents.get((status.pk, kind), NOT_GIVEN) if status else NOT_GIVEN
            if said not in ("", known):
                found[kind] = [known, said]
        return found

    def offered(self, made: MouOffer) -> None:
        self.offers[made.organisation_id] = made
        self.obstacles[made.organisation_id] = Outcome.OPEN

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
    fields |= _standing(certificate, status) | register.consents_told(certificate, status)
    known = register.offers.get(firm.pk) if firm else None
    # What was declined a year ago, taken back or ended is offered anew with a new certificate.
    due = (known is None or status is None) and (firm is None or firm.pk not in register.obstacles)
    if due and _worth_offering(certificate, status):
        fields["offer"] = ["", OFFER_MADE]
    elif known is not None and _learns_address(known, certificate):
        fields["email"] = [known.contact_email, certificate.email]
    if status is None:
        return Change(DifferenceKind.NEW, fields)
    return Change(_kind(status, certificate, fields), fields) if fields else None


def _fields(
    certificate: Certificate, status: TrustStatus | None, firm: Organisation | None
) -> dict[str, list[str]]:
    said = {
        "holder": certificate.holder,
        "number": certificate.number,
        "type": certificate.type,
        "effective": certificate.effective_from.isoformat(),
    }
    if certificate.authority:
        said["authority"] = certificate.authority
    known = {
        "holder": firm.legal_name if firm else "",
        "number": status.number if status else "",
        "type": status.type if status else "",
        "effective": status.effective_from.isoformat() if status else "",
        "authority": status.authority if status else "",
    }
    if status is not None and status.number_normalised == certificate.normalised:
        # Printed with other spaces it is the same number.
        said["number"] = known["number"]
    return {name: [known[name], said[name]] for name in said if known[name] != said[name]}


def _standing(certificate: Certificate, status: TrustStatus | None) -> dict[str, list[str]]:
    """What the list says otherwise of what each half is worth; silence changes nothing."""
    found = {}
    for field, now in _worth_now(certificate, status).items():
        said = getattr(certificate, field)
        if said in ("", now):
            continue
        if (now, said) not in VERBS:
            raise Rejected(
                _("Here it is “%(now)s”, and the list says “%(said)s”. Record it at the desk.")
                % {"now": ComponentState(now).label, "said": ComponentState(said).label}
            )
        found[field] = [now, said]
    today = timezone.localdate()
    if found and max(certificate.since or today, certificate.decided or today) > today:
        raise Rejected(_("What takes effect on a day to come is recorded at the desk."))
    return found


def _worth_now(certificate: Certificate, status: TrustStatus | None) -> dict[str, str]:
    """Each half that the listed type has; one that it did not have before is valid."""
    none = ComponentState.NONE
    here = {field: getattr(status, field, none) for field in COMPONENTS[certificate.type]}
    return {field: V if now == none else now for field, now in here.items()}


def _kind(status: TrustStatus, certificate: Certificate, fields: dict[str, list[str]]) -> str:
    """From F to one half it is downgraded (Impl. Reg. (EU) 2015/2447, Art. 34)."""
    said = {pair[1] for field, pair in fields.items() if field in HALVES}
    for worth in (A, R):
        if worth in said:
            return KINDS[worth]
    if status.type == "F" != certificate.type:
        return DifferenceKind.DOWNGRADED
    return next((kind for worth, kind in KINDS.items() if worth in said), DifferenceKind.CHANGED)


def _learns_address(offer: MouOffer, certificate: Certificate) -> bool:
    """An unsent offer takes an address that no officer has checked."""
    open_still = offer.status == OfferStatus.UNSENT and offer.contact_verified_by_id is None
    return open_still and certificate.email not in ("", offer.contact_email)


def _worth_offering(certificate: Certificate, status: TrustStatus | None) -> bool:
    """Whether any half is valid once the row is taken over."""
    worth = _worth_now(certificate, status)
    return V in [getattr(certificate, field) or now for field, now in worth.items()]


def doubts(certificate: Certificate, register: Register) -> str:
    """What an officer should look at, although the row can be taken over."""
    found = [reference.eori_warning(certificate.eori)]
    status = register.find(certificate)
    silent = not certificate.simplifications and not certificate.security
    if status is not None and silent and {status.simplifications, status.security} & {S, R, A}:
        found.append(_("The list names it, but here it is suspended or taken away."))
    return " ".join(filter(None, found))
