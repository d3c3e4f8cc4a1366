"""Invented alerts to partner firms: for all, by method, for a trade, waiting for approval."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mou.actions import alerts, feedback, organisations
from mou.lifecycle import MouStatus
from mou.models import Alert, AlertDelivery, Mou
from portal import reference
from portal.models import User
from portal.models.organisations import MembershipRole

PUBLISHED: tuple[dict[str, Any], ...] = (
    {
        "title": "Release codes fetched by strangers",
        "text": "Callers pose as the terminal’s help desk and ask for release codes. "
        "They know the booking number, and call shortly before the weekend.",
        "advice": "Give no code by telephone. Call back on the number that you know.",
        "methods": ["PIN_FRAUD", "INSIDER"],
        "indicators": ["IM5", "PT2", "PT5"],
        "commodities": ["NARCOTICS"],
        "handling": "chain",
    },
    {
        "title": "Offers to staff at the gate",
        "text": "People wait near the gate and offer night staff money for one extra container.",
        "advice": "Brief shift leaders in person. Tell us of each approach.",
        "methods": ["INSIDER"],
        "indicators": ["GE4", "CA7"],
        "commodities": ["NARCOTICS"],
        "handling": "named",
    },
    # By its method it goes to firms that told of food, and to those of which too little is known.
    {
        "title": "Packets inside hollowed fruit",
        "text": "Single crates in the middle of a pallet hold fruit that was opened and closed.",
        "advice": "Weigh single crates of a load from a sender whom you do not know.",
        "methods": ["FOOD"],
        "indicators": ["CA1"],
        "commodities": ["NARCOTICS"],
        "handling": "firm",
    },
)
WAITING: dict[str, Any] = {
    "title": "Empty containers asked for by number",
    "text": "Forwarders are asked to book an empty container with a given number.",
    "audience": ["forwarder", "shipping_agent"],
    "methods": ["SWITCH"],
    "indicators": ["PT6"],
    "commodities": ["TOBACCO"],
    "handling": "firm",
}
OTHERS = {
    "draft": "Pallets with a false floor",
    "withdrawn": "Calls about a box with a clock in it",
    "expired": "Lorries with copied plates at the summer fair",
}


def warn(caseworker: User, supervisor: User) -> None:
    """By the real actions; done before, it stays as it is."""
    if Alert.objects.exists():
        return
    _state_trades()
    last = timezone.localdate() + timedelta(days=60)
    for told in PUBLISHED:
        alert = alerts.write_alert(told={**told, "expires_on": last}, by=caseworker)
        alert = alerts.propose_alert(alert=alert, by=caseworker)
        alert = alerts.approve_alert(alert=alert, revision=alert.revision, by=supervisor)
        alerts.deliver(alert=alert)
    standing = AlertDelivery.objects.standing().order_by("pk")
    _acknowledge(standing.filter(cover=None).first())
    if answered := _acknowledge(standing.exclude(cover=None).first()):
        feedback.answer_alert(delivery=answered, code="BACKGROUND", by=caseworker)
    _write_others(caseworker, supervisor)
    waiting = alerts.write_alert(told={**WAITING, "expires_on": last}, by=caseworker)
    alerts.propose_alert(alert=waiting, by=caseworker)


def _write_others(caseworker: User, supervisor: User) -> None:
    """One that is being written, one that was withdrawn, and one whose time is over."""
    last = timezone.localdate() + timedelta(days=60)
    for state, title in OTHERS.items():
        told = {**WAITING, "title": title, "expires_on": last}
        alert = alerts.write_alert(told=told, by=caseworker)
        if state == "draft":
            continue
        alert = alerts.propose_alert(alert=alert, by=caseworker)
        alert = alerts.approve_alert(alert=alert, revision=alert.revision, by=supervisor)
        if state == "withdrawn":
            reason = "The caller was found: it was a game of pupils."
            alerts.withdraw_alert(alert=alert, reason=reason, by=caseworker)
        else:
            # Nobody can publish what is over already: the day alone is set back.
            Alert.objects.filter(pk=alert.pk).update(
                expires_on=timezone.localdate() - timedelta(days=1)
            )
            alerts.expire(alert=alert)


def _state_trades() -> None:
    """Each partner firm's owner says what the firm does; the last one has not yet."""
    partners = Mou.objects.filter(status=MouStatus.IN_FORCE).select_related("organisation")
    trades = [code for code, _label in reference.choices("actor_role")]
    found = [mou for mou in partners.order_by("pk") if not mou.organisation.roles]
    for place, mou in enumerate(found[:-1]):
        roles = [trades[place % len(trades)], trades[(place + 3) % len(trades)]]
        owner = mou.organisation.memberships.live().filter(role=MembershipRole.OWNER)[0].user
        organisations.state_roles(organisation=mou.organisation, roles=roles, by=owner)


def _acknowledge(delivery: AlertDelivery | None) -> AlertDelivery | None:
    """By an owner of the firm that has it, where there is one."""
    if delivery is None:
        return None
    owner = delivery.firm.memberships.live().filter(role=MembershipRole.OWNER).first()
    if owner is None:
        return None
    return alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=owner.user)
