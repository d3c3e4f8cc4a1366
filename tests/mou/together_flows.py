"""Leads an agreement of a firm that several of its signatories bind together."""

from __future__ import annotations

from typing import Any

from mou.actions import applying, drafting, naming, sealing, signatures
from mou.consent import current
from mou.models import Mou, Party, Signature
from mou.signing_power import SigningPower
from portal.models import User
from tests.factories import MembershipFactory, UserFactory
from tests.mou import flows

RULE = "§ 8 of the articles of association: two members of the board together."
TWO = SigningPower(2, RULE)
NAMES = ["Tove Treasurer", "Bo Board"]


def named(others: int = 2) -> flows.Cast:
    """The signatory, and so many further ones."""
    cast = flows.named()
    for name in NAMES[:others]:
        place = MembershipFactory(
            organisation=cast.organisation, user=UserFactory(name=name), signatory=True
        )
        naming.add_signatory(
            mou=cast.agreement, signatory=place, function="Member of the board", by=cast.owner
        )
    return cast


def people(mou: Mou) -> list[User]:
    """All whom the firm has named, the first one first."""
    assert mou.signatory is not None
    others = mou.further_signatories.order_by("pk")
    return [mou.signatory.user, *(one.membership.user for one in others)]


def drafted(power: SigningPower = TWO, others: int = 2) -> flows.Cast:
    cast = named(others)
    drafting.draft(
        mou=cast.agreement,
        template=cast.template,
        survey_note="The survey of flows follows at the first review.",
        power=power,
        by=cast.caseworker,
    )
    return cast


def agreed(power: SigningPower = TWO, others: int = 2) -> flows.Cast:
    cast = drafted(power, others)
    read = cast.version.content_hash
    drafting.propose(mou=cast.agreement, content_hash=read, by=cast.caseworker)
    drafting.agree(mou=cast.agreement, content_hash=read, by=cast.owner)
    return cast


def sealed(power: SigningPower = TWO, others: int = 2) -> flows.Cast:
    cast = agreed(power, others)
    sealing.seal(version=cast.version)
    return cast


def declaration(cast: flows.Cast, by: User, **changes: Any) -> signatures.Declaration:
    fields = {"typed_name": by.name, "consent": current(), **changes}
    return flows.declaration(cast, Party.BUSINESS, **fields)


def authorise(cast: flows.Cast, by: User) -> Signature:
    return signatures.sign(version=cast.version, declaration=declaration(cast, by), by=by)


def sign(cast: flows.Cast, by: User) -> Signature:
    """Authorised, made and stamped."""
    signature = authorise(cast, by)
    applying.apply_signature(signature=signature)
    signature.refresh_from_db()
    return signature


def half_signed(**kwargs: Any) -> flows.Cast:
    cast = sealed(**kwargs)
    sign(cast, cast.signatory)
    return cast


def half_authorised() -> flows.Cast:
    """The first has signed, the second has authorised."""
    cast = half_signed()
    authorise(cast, people(cast.agreement)[1])
    return cast


def signed(**kwargs: Any) -> flows.Cast:
    cast = half_signed(**kwargs)
    sign(cast, people(cast.agreement)[1])
    return cast


def countersign(cast: flows.Cast) -> Signature:
    said = flows.declaration(cast, Party.ADMINISTRATION)
    signature = signatures.countersign(
        version=cast.version, declaration=said, by=cast.countersigner
    )
    applying.apply_signature(signature=signature)
    return signature


def archived(**kwargs: Any) -> flows.Cast:
    cast = signed(**kwargs)
    countersign(cast)
    sealing.archive(version=cast.version)
    return cast
