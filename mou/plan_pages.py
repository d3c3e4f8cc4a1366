"""The pages of a list that both sides keep: alike at the firm's side and at the desk."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import measured_threats
from mou import plan_permissions as permissions
from mou.attempts import attempt, seen_anew
from mou.models import Activity, Measure, MeasureFile, Mou
from mou.plan_steps import PARTS, Part, Step, Thing, initial_of, marks_of
from mou.threats import Threat
from portal import audit, sent_files
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

    @property
    def threats(self) -> list[Threat]:
        """What a measure lowers."""
        return measured_threats.of(self.thing) if isinstance(self.thing, Measure) else []


def part_of(code: str) -> Part:
    if code not in PARTS:
        raise Http404
    return PARTS[code]


def context_of(mou: Mou, part: Part, user: User) -> dict[str, Any]:
    """The list with its verbs, in a fixed number of queries."""
    lines = []
    found = part.model._default_manager.filter(mou=mou, **part.hidden).order_by(*part.order)
    for thing in found.prefetch_related(*part.along)[:MOST]:
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
    form = part.form(request.POST or None, **part.asks(mou))
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
    form = _form_of(request, mou, step, thing)
    if request.method == "POST" and attempt(form, step.act, by=request.user, **{part.one: thing}):
        messages.success(request, _("Done."))
        return redirect(back_url)
    if request.method != "POST" and not step.may(request.user, thing):
        raise Http404
    seen_anew(form, **marks_of(thing))
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


def _form_of(request: PersonRequest, mou: Mou, step: Step, thing: Thing) -> forms.Form:
    return step.form(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial=initial_of(step, thing),
        **step.asks(mou),
    )


def file_response(mou: Mou, line: uuids.UUID, file: uuids.UUID, *, by: User) -> HttpResponse:
    """A file that proves a measure, for either side; who got it is recorded."""
    found = MeasureFile.objects.select_related("measure")
    kept = get_object_or_404(found, measure__mou=mou, measure__uuid=line, uuid=file)
    audit.record(
        "measure_file_downloaded",
        target=kept,
        by=by,
        kind="disclosure",
        organisation=mou.organisation,
        sha256=kept.sha256,
    )
    return sent_files.response(kept.path, kept.name)


def _told(thing: Any) -> str:
    """What somebody agrees to or verifies here, not only its name: time and place, or the proof."""
    if isinstance(thing, Activity):
        start, end = timezone.localtime(thing.starts_at), timezone.localtime(thing.ends_at)
        when = f"{date_format(start, 'j F Y, H:i')}–{date_format(end, 'H:i')}"
        return " · ".join(filter(None, [thing.title, when, thing.place]))
    if isinstance(thing, Measure) and thing.proof:
        told = _("%(measure)s Proof: %(proof)s") % {"measure": thing.text, "proof": thing.proof}
        names = [one.name for one in thing.files.order_by("pk")]
        return " · ".join([told, *names])
    return _about(thing)


def _about(thing: Any) -> str:
    """Which line it is."""
    return str(getattr(thing, "text", "") or getattr(thing, "title", "") or thing.duty)
