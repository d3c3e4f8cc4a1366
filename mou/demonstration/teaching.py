"""Invented training: to come with people in it, planned, held, called off; guidance to read."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from mou.actions import training as actions
from mou.lifecycle import MouStatus
from mou.models import Mou, Training
from portal.models import User
from portal.models.organisations import MembershipRole

GUIDANCE = (
    "Look at the seal before you touch it: number, colour, glue, fresh paint.\n\n"
    "Compare the number with the papers and with what the sender told you.\n\n"
    "Pull it once. A cloned seal often turns in your hand.\n\n"
    "If anything is wrong, leave the doors closed and call us."
)
OTHERS = {
    "planned": "Reading a bill of lading",
    "held": "Seals and what they tell",
    "cancelled": "Containers from the inside",
}


def teach(caseworker: User) -> None:
    """By the real actions; done before, it stays as it is."""
    if Training.objects.exists():
        return
    noon = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    begins = noon + timedelta(days=21)
    told = {
        "title": "Approached at work: what to say and whom to tell",
        "about": "For shift leaders and planners. Two officers show how recruiters work at a quay.",
        "place": "Customs house, room 4, and by video",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=3),
        "seats": 24,
    }
    session = actions.plan_training(told=told, by=caseworker)
    actions.offer_training(training=session, by=caseworker)
    actions.write_guidance(title="Checking a seal", text=GUIDANCE, audience=[], by=caseworker)
    for mou in Mou.objects.filter(status=MouStatus.IN_FORCE).order_by("pk")[:2]:
        owners = mou.organisation.memberships.live().filter(role=MembershipRole.OWNER)
        names = [owners[0].user.name, "Robin Ahl"]
        actions.register_attendees(training=session, mou=mou, names=names, by=owners[0].user)
    for state, title in OTHERS.items():
        _lead(
            actions.plan_training(told={**told, "title": title}, by=caseworker), state, caseworker
        )


def _lead(session: Training, state: str, caseworker: User) -> None:
    if state == "planned":
        return
    session = actions.offer_training(training=session, by=caseworker)
    if state == "cancelled":
        reason = "Too few could come. It is held again in the autumn."
        actions.cancel_training(training=session, reason=reason, by=caseworker)
        return
    mou = Mou.objects.filter(status=MouStatus.IN_FORCE).order_by("pk")[0]
    owner = mou.organisation.memberships.live().filter(role=MembershipRole.OWNER)[0].user
    names = [owner.name, "Robin Ahl"]
    people = actions.register_attendees(training=session, mou=mou, names=names, by=owner)
    # Nobody can register for a day that is over: the day alone is set back.
    started = timezone.now() - timedelta(days=5)
    Training.objects.filter(pk=session.pk).update(
        starts_at=started, ends_at=started + timedelta(hours=3)
    )
    actions.record_attendance(training=session, present=[people[0].pk], by=caseworker)
