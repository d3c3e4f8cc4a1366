"""The pages of a list that both sides keep: alike at the firm's side and at the desk."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import plan_permissions as permissions
from mou.attempts import attempt, seen_anew
from mou.models import Activity, ContactPoint, Measure, Mou
from mou.plan_steps import PARTS, Part, Thing, initial_of
from portal.models import User
from portal.requests import PersonRequest

MOST = 200


@dataclass(frozen=True)
class Line:
    """One thing of a list, and what the reader may do with it."""

    thing: Thing
    verbs: list[tuple[str, Any]]

    @property
    def name(self) -> str:
        return _about(self.thing)


def part_of(code: str) -> Part:
    if code not in PARTS:
        raise Http404
    return PARTS[code]


def context_of(mou: Mou, part: Part, user: User) -> dict[str, Any]:
    """The list with its verbs, in one query."""
    lines = []
    for thing in part.model._default_manager.filter(mou=mou, **part.hidden).order_by(*part.order)[
        :MOST
    ]:
        thing.mou = mou
        verbs = [(verb, step.text) for verb, step in part.steps.items() if step.may(user, thing)]
        lines.append(Line(thing, verbs))
    return {
        "mou": mou,
        "part": part,
        "lines": lines,
        "may_add": permissions.can_plan(user, mou),
        "side": permissions.side_of(user, mou),
    }


Shows = Callable[..., HttpResponse]


def add(request: PersonRequest, mou: Mou, part: Part, back_url: str, show: Shows) -> HttpResponse:
    """A line that was not there: its form, or on with it."""
    form = part.form(request.POST or None)
    if request.method == "POST" and attempt(form, part.add, mou=mou, by=request.user):
        messages.success(request, _("Kept. The other side is told by e-mail."))
        return redirect(back_url)
    if request.method != "POST" and not permissions.can_plan(request.user, mou):
        raise Http404
    return show(request, mou, form=form, title=part.add_text, button=_("Save"), back_url=back_url)


def take_step(
    request: PersonRequest,
    mou: Mou,
    part: Part,
    line: uuids.UUID,
    verb: str,
    back_url: str,
    show: Shows,
) -> HttpResponse:
    """One verb of one line: its form, or on with it."""
    thing: Any = get_object_or_404(part.model._default_manager, mou=mou, uuid=line, **part.hidden)
    thing.mou = mou
    step = part.steps.get(verb)
    if step is None:
        raise Http404
    form = step.form(request.POST or None, initial=initial_of(step, thing))
    if request.method == "POST" and not step.form.base_fields:
        form = step.form({})
    if request.method == "POST" and attempt(form, step.act, by=request.user, **{part.one: thing}):
        messages.success(request, _("Done."))
        return redirect(back_url)
    if request.method != "POST" and not step.may(request.user, thing):
        raise Http404
    if isinstance(thing, ContactPoint):
        seen_anew(form, revision=thing.revision)
    elif isinstance(thing, Activity):
        seen_anew(form, sequence=thing.sequence)
    elif isinstance(thing, Measure):
        seen_anew(form, proof_seen=thing.proof_mark)
    return show(
        request,
        mou,
        form=form,
        title=step.text,
        text=_told(thing),
        button=step.text,
        warning=step.is_warning,
        back_url=back_url,
    )


def _told(thing: Any) -> str:
    """What somebody agrees to or verifies here, not only its name: time and place, or the proof."""
    if isinstance(thing, Activity):
        start, end = timezone.localtime(thing.starts_at), timezone.localtime(thing.ends_at)
        when = f"{date_format(start, 'j F Y, H:i')}–{date_format(end, 'H:i')}"
        return " · ".join(filter(None, [thing.title, when, thing.place]))
    if isinstance(thing, Measure) and thing.proof:
        return _("%(measure)s Proof: %(proof)s") % {"measure": thing.text, "proof": thing.proof}
    return _about(thing)


def _about(thing: Any) -> str:
    """Which line it is."""
    return str(getattr(thing, "text", "") or getattr(thing, "title", "") or thing.duty)
