"""Who is told that an answer is due, or a change of the law waits; never what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import instrument_permissions as permissions
from partners.models import Exchange, InstrumentChange
from portal import notifications, outbox
from portal.letters import Letter
from portal.models import StaffRole, User

TASK = "partners.send_exchange_letter"


def remind(exchange: Exchange) -> None:
    """The responsible officer; the whole desk where there is none."""
    _promise("due", _occasion(exchange), _responsible(exchange) or _desk())


def call(exchange: Exchange) -> None:
    """Overdue: the desk and its supervisors."""
    supervisors = User.objects.holding(StaffRole.SUPERVISOR)
    people = {*_responsible(exchange), *_desk(), *supervisors}
    _promise("late", _occasion(exchange), people)


def tell_deciders(change: InstrumentChange) -> None:
    """Every supervisor who may decide on it."""
    supervisors = User.objects.holding(StaffRole.SUPERVISOR)
    able = [one for one in supervisors if permissions.can_apply_change(one, change)]
    _promise("change_proposed", str(change.pk), able)


def tell_proposer(change: InstrumentChange) -> None:
    _promise("change_decided", str(change.pk), [change.proposed_by])


def send(letter: str, **ids: Any) -> None:
    """Worker: write the letter from the present facts and send it."""
    key = ids.pop("mail_key")
    notifications.send_written(LETTERS[letter], key=key, **ids)


def due(to_id: int) -> Letter | None:
    return _to_the_desk(to_id, _("An answer is due soon"))


def late(to_id: int) -> Letter | None:
    return _to_the_desk(to_id, _("An answer is overdue"))


def change_proposed(to_id: int) -> Letter | None:
    return _to_the_desk(to_id, _("A change of an instrument waits for your decision"))


def change_decided(to_id: int) -> Letter | None:
    return _to_the_desk(to_id, _("A change that you proposed was decided on"))


LETTERS: dict[str, Callable[..., Letter | None]] = {
    "due": due,
    "late": late,
    "change_proposed": change_proposed,
    "change_decided": change_decided,
}


def _to_the_desk(to_id: int, subject: str) -> Letter | None:
    to = User.objects.filter(pk=to_id, is_active=True, is_staff=True).first()
    if to is None:
        return None
    return Letter(
        to=to,
        subject=subject,
        sentences=[_("Please look at your desk. This message says no more on purpose.")],
        url=settings.OFFICE_URL + reverse("admin:index"),
        button=_("Open your desk"),
    )


def _responsible(exchange: Exchange) -> list[User]:
    officer = exchange.responsible
    return [officer] if officer is not None and officer.is_active else []


def _desk() -> list[User]:
    return list(User.objects.holding(StaffRole.LIAISON_OFFICER))


def _occasion(exchange: Exchange) -> str:
    at = f"{exchange.due_at:%Y-%m-%dT%H:%M}" if exchange.due_at else ""
    return f"{exchange.pk}:{at}"


def _promise(letter: str, occasion: str, people: Iterable[User]) -> None:
    for person in sorted(people, key=lambda one: one.pk):
        key = f"partners.{letter}:{occasion}:{person.pk}"
        outbox.enqueue(TASK, key=key, letter=letter, mail_key=key, to_id=person.pk)
