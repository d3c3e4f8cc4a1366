"""An association and its members in every state, and a firm whose association’s agreement ended."""

from __future__ import annotations

from mou.actions import covers, organisations, publicity
from mou.cover_permissions import ASSOCIATION
from mou.models import Cover, Mou
from portal import demonstration as people
from portal.models import Organisation, User
from portal.models.organisations import MembershipRole

# Name, EORI number, the owner's name, and how far its membership is led.
MEMBERS = (
    ("Ostra Drayage AB", "SE5590000011", "Signe Holm", "covered"),
    ("Kallvik Haulage AB", "SE5590000012", "", "named"),
    ("Tallberg Brokers AB", "SE5590000013", "Axel Strand", "refused"),
    ("Rosenborg Depots AB", "SE5590000014", "Maja Ek", "declined"),
    ("Bergsund Reefers AB", "SE5590000015", "Nils Rask", "left"),
    ("Lindholm Lifts AB", "SE5590000016", "Ida Quist", "removed"),
)
# Of the association whose agreement runs out.
LAST_MEMBERS = (("Halland Haulers AB", "SE5590000017", "Otto Falk", "confirmed"),)


def cover(mou: Mou, caseworker: User, members: tuple[tuple[str, ...], ...] = MEMBERS) -> None:
    """By the real actions; done before, it stays as it is."""
    if Cover.objects.filter(mou=mou).exists():
        return
    owner = _owner(mou.organisation)
    organisations.state_roles(organisation=mou.organisation, roles=[ASSOCIATION], by=owner)
    mou.refresh_from_db()
    for name, eori, person, target in members:
        firm = {"legal_name": name, "country": "SE", "national_id": "", "eori": eori}
        email = f"office@{name.split()[0].lower()}-{target}.example"
        named = covers.name_member(mou=mou, firm=firm, email=email, by=owner)
        if person:
            source = "Called the switchboard number in the trade register"
            covers.invite_member(cover=named, email=email, source=source, by=caseworker)
            people.join(named.organisation, email=email, name=person)
        if target == "covered":
            _lead(named, owner)
        elif target == "refused":
            reason = "The firm is no member by the list that the association keeps."
            covers.refuse_member(cover=named, reason=reason, by=caseworker)
        elif target != "named":
            _answer(named, target, owner)


def _answer(named: Cover, target: str, association: User) -> None:
    """What the firm says, and what its association does then."""
    member = _owner(named.organisation)
    if target == "declined":
        covers.decline_cover(cover=named, by=member)
        return
    named = covers.confirm_cover(cover=named, by=member)
    if target == "left":
        covers.leave_cover(cover=named, by=member)
    elif target == "removed":
        covers.remove_member(cover=named, by=association)


def _lead(named: Cover, association: User) -> None:
    """Confirmed by the firm, and named in the register by leave of both."""
    member = _owner(named.organisation)
    organisations.state_roles(organisation=named.organisation, roles=["forwarder"], by=member)
    named = covers.confirm_cover(cover=named, by=member)
    covers.show_member(cover=named, by=association)
    publicity.publish_cover(cover=named, by=member)


def _owner(firm: Organisation) -> User:
    owners = firm.memberships.live().filter(role=MembershipRole.OWNER)
    return owners.select_related("user").order_by("pk")[0].user
