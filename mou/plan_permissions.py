"""Who may do what to measures, activities and contacts: either side its own part."""

from __future__ import annotations

from mou import lifecycle, measured_threats
from mou.lifecycle import Transition
from mou.models import Activity, ContactPoint, Measure, Mou, Party
from mou.models.agreements import ENDED
from mou.survey_permissions import role_of
from portal.models import StaffRole, User
from portal.models.organisations import MembershipRole

BINDING = (MembershipRole.OWNER, MembershipRole.SIGNATORY)
ADMINISTRATION = Party.ADMINISTRATION.value


def side_of(user: User, mou: Mou) -> str:
    """The side that this person plans for; empty for anybody who plans for none.

    Found once for each agreement as it was read: a page asks for each of its lines.
    """
    known: dict[int, str] = mou.__dict__.setdefault("_sides", {})
    if user.pk not in known:
        known[user.pk] = _side_of(user, mou)
    return known[user.pk]


def _side_of(user: User, mou: Mou) -> str:
    if mou.status in ENDED:
        return ""
    if user.has_role(StaffRole.CASEWORKER):
        return ADMINISTRATION
    return Party.BUSINESS.value if role_of(user, mou) in BINDING else ""


def can_plan(user: User, mou: Mou) -> bool:
    return bool(side_of(user, mou))


def can_agree(user: User, thing: Measure | Activity) -> bool:
    """The side that did not propose it."""
    return side_of(user, thing.mou) not in ("", thing.proposed_by) and _allows(thing, "agree")


def can_postpone(user: User, measure: Measure) -> bool:
    return _is_office(user, measure) and _allows(measure, "postpone")


def can_link(user: User, measure: Measure) -> bool:
    """Either side, once the firm was shown threats."""
    return (
        can_plan(user, measure.mou)
        and _allows(measure, "link")
        and measured_threats.shared_with(measure.mou) is not None
    )


def can_report(user: User, measure: Measure) -> bool:
    """The side whose measure it is."""
    return side_of(user, measure.mou) == measure.party and _allows(measure, "report")


def can_give_back(user: User, measure: Measure) -> bool:
    return _is_office(user, measure) and _allows(measure, "give_back")


def can_verify(user: User, measure: Measure) -> bool:
    """Four eyes: another person than said that it is done."""
    return (
        _is_office(user, measure)
        and measure.reported_by_id != user.pk
        and _allows(measure, "verify")
    )


def can_drop(user: User, measure: Measure) -> bool:
    return can_plan(user, measure.mou) and _allows(measure, "drop")


def can_move(user: User, activity: Activity) -> bool:
    return can_plan(user, activity.mou) and _allows(activity, "move")


def can_hold(user: User, activity: Activity) -> bool:
    return can_plan(user, activity.mou) and _allows(activity, "hold")


def can_cancel(user: User, activity: Activity) -> bool:
    return can_plan(user, activity.mou) and _allows(activity, "cancel")


def can_change(user: User, contact: ContactPoint) -> bool:
    """Each side keeps its own contacts."""
    return contact.ended_at is None and side_of(user, contact.mou) == contact.party


def _is_office(user: User, thing: Measure) -> bool:
    return side_of(user, thing.mou) == ADMINISTRATION


def table_of(thing: Measure | Activity) -> dict[str, Transition]:
    return lifecycle.MEASURE if isinstance(thing, Measure) else lifecycle.ACTIVITY


def _allows(thing: Measure | Activity, verb: str) -> bool:
    return lifecycle.allows(table_of(thing), verb, thing.status)
