"""The verbs of engagements: planned, changed, held, written up, cancelled; follow-ups and ends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import engagement_permissions as permissions
from partners.actions.keeping import EditedMeanwhile
from partners.actions.once import save_once
from partners.lifecycle import ENGAGEMENT
from partners.models import Engagement, FollowUp, Participation
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import User

PLANNED = (
    "kind",
    "counterpart",
    "title",
    "partner",
    "post",
    "place",
    "topics",
    "starts_at",
    "ends_at",
)
# Organisation and how many people.
Present = list[tuple[str, int]]


@transaction.atomic
def plan_engagement(*, by: User, uuid: UUID | None = None, **planned: Any) -> Engagement:
    """Whoever plans it writes it up, unless somebody else is said."""
    if not permissions.can_plan_for(by, planned["post"]):
        raise NotAllowed(_("You plan engagements of your own post."))
    engagement = Engagement(responsible=by)
    _write(engagement, planned)
    made = save_once(engagement, uuid)
    if made is engagement:
        audit.record("engagement_planned", target=engagement, by=by)
    elif made.responsible_id != by.pk:
        raise NotAllowed(_("There is no such engagement."))
    return made


@transaction.atomic
def edit_engagement(*, engagement: Engagement, by: User, sequence: int, **planned: Any) -> Any:
    """Refused when somebody changed it since the editor looked at it."""
    held = _lock(engagement)
    _demand(permissions.can_plan_for(by, held.post), held, "edit")
    if not permissions.can_plan_for(by, planned["post"]):
        raise DomainError(_("You plan engagements of your own post."))
    if held.sequence != sequence:
        raise EditedMeanwhile(held)
    _write(held, planned)
    _keep(held)
    audit.record("engagement_edited", target=held, by=by)
    return held


@transaction.atomic
def hold_engagement(*, engagement: Engagement, by: User, present: Present) -> Engagement:
    """It took place; who was there, by organisation."""
    held = _lock(engagement)
    _demand(permissions.can_plan_for(by, held.post), held, "hold")
    if held.starts_at > timezone.now():
        raise DomainError(_("It has not begun yet. Say so afterwards."))
    held.status = after(ENGAGEMENT, "hold", held)
    _keep(held)
    _attend(held, present)
    audit.record("engagement_held", target=held, by=by)
    return held


@transaction.atomic
def write_up_engagement(
    *, engagement: Engagement, by: User, minutes: str, present: Present, sequence: int | None = None
) -> Engagement:
    """What came of it; may be corrected, and who was there with it.

    Refused when somebody changed it since the writer looked at it.
    """
    held = _lock(engagement)
    _demand(permissions.can_plan_for(by, held.post), held, "write_up")
    if sequence is not None and held.sequence != sequence:
        if held.minutes == minutes and _attended(held) == dict(present):
            return held
        raise EditedMeanwhile(held)
    if not minutes.strip():
        raise DomainError(_("Write what came of it."))
    held.status = after(ENGAGEMENT, "write_up", held)
    held.minutes, held.written_up_at, held.written_up_by = minutes, timezone.now(), by
    _keep(held)
    _attend(held, present)
    audit.record("engagement_written_up", target=held, by=by)
    return held


@transaction.atomic
def cancel_engagement(*, engagement: Engagement, by: User) -> Engagement:
    held = _lock(engagement)
    _demand(permissions.can_plan_for(by, held.post), held, "cancel")
    held.status = after(ENGAGEMENT, "cancel", held)
    _keep(held)
    audit.record("engagement_cancelled", target=held, by=by)
    return held


@transaction.atomic
def add_follow_up(
    *, engagement: Engagement, by: User, text: str, owner: User, due_on: date
) -> FollowUp:
    """Somebody does something by a day."""
    held = _lock(engagement)
    _demand(permissions.can_plan_for(by, held.post), held, "follow_up")
    after(ENGAGEMENT, "follow_up", held)
    if not owner.is_active or not owner.is_staff:
        raise DomainError(_("Choose somebody who works here."))
    told = {"engagement": held, "text": text, "owner": owner, "due_on": due_on}
    known = FollowUp.objects.filter(**told, done_at=None).first()
    if known is not None:
        return known
    follow_up = FollowUp.objects.create(**told)
    audit.record("follow_up_added", target=held, by=by, to=owner.pk)
    return follow_up


@transaction.atomic
def finish_follow_up(*, follow_up: FollowUp, by: User) -> FollowUp:
    """It is done."""
    held = FollowUp.objects.select_for_update(of=("self",)).get(pk=follow_up.pk)
    if held.done_at is not None:
        raise AlreadyDone(_("It was done already."))
    if not permissions.can_finish_follow_up(by, held):
        raise NotAllowed(_("Its owner says that it is done."))
    held.done_at, held.done_by = timezone.now(), by
    held.save(update_fields=["done_at", "done_by"])
    audit.record("follow_up_finished", target=held.engagement, by=by)
    return held


def _write(engagement: Engagement, planned: dict[str, Any]) -> None:
    for name in PLANNED:
        setattr(engagement, name, planned[name])
    if engagement.partner is None and engagement.post is None:
        raise DomainError(_("Choose a partner, a post, or both."))
    if engagement.ends_at <= engagement.starts_at:
        raise DomainError(_("It must end after it begins."))


def _attend(engagement: Engagement, present: Present) -> None:
    """The list replaces what was there."""
    engagement.participations.all().delete()
    Participation.objects.bulk_create(
        Participation(engagement=engagement, organisation=name, people=people)
        for name, people in dict(present).items()
    )


def _attended(engagement: Engagement) -> dict[str, int]:
    return dict(engagement.participations.values_list("organisation", "people"))


def _keep(engagement: Engagement) -> None:
    engagement.sequence += 1
    engagement.changed_at = timezone.now()
    engagement.save()


def _lock(engagement: Engagement) -> Engagement:
    return Engagement.objects.select_for_update(of=("self",)).get(pk=engagement.pk)


def _demand(allowed: bool, engagement: Engagement, verb: str) -> None:
    if not allowed:
        raise NotAllowed(_("There is no such engagement."))
    after(ENGAGEMENT, verb, engagement)
