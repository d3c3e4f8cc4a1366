"""The verbs of a report at the desk: one line each, and the one page that asks and acts.

A verb's name is its address, its action and its predicate. Others add theirs to VERBS or, for
pages of another shape, to LINKS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.desk import Verb as Button
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.keyring import Unlocked
from portal.models import User
from portal.requests import PersonRequest
from reporting import opening
from reporting.admin_views import access
from reporting.admin_views.table import VERBS
from reporting.admin_views.verb import Verb
from reporting.forms.desk import DeskForm
from reporting.models import Report
from reporting.opening import Opened


@dataclass(frozen=True)
class Link:
    """A button that leads to a page of its own."""

    name: str
    text: Any
    place: str
    may: Callable[[User, Report], bool]
    # Shown only while the report is open.
    sealed: bool = False


# Where other parts of the desk put theirs (export, identity …): `admin:reporting_report_<name>`.
LINKS: list[Link] = []


def view_of(verb: Verb) -> Callable[..., HttpResponse]:
    """The page of one verb: load, ask, act, say so, back to the report."""

    @shows_domain_errors(access.PAGE)
    def view(request: PersonRequest, object_id: UUID) -> HttpResponse:
        report = access.report_or_404(request, object_id)
        keys = access.keys_for(request, report)
        if request.method != "POST":
            return _ask(request, report, verb, keys)
        if verb.form is None:
            return _act(request, report, verb, keys)
        return _answer(request, report, verb, keys)

    view.__name__ = verb.name
    return view


def _ask(request: PersonRequest, report: Report, verb: Verb, keys: Unlocked | None) -> HttpResponse:
    if verb.form is None:
        return HttpResponseNotAllowed(["POST"])
    if not verb.may(request.user, report):
        raise Http404
    if verb.sealed and keys is None:
        return access.to_opening(request, report)
    form = verb.form(report=report, by=request.user, opened=_opened(report, verb, keys))
    # `?person=2` chooses, it does not answer.
    chosen = {name: value for name, value in request.GET.items() if name in form.fields}
    form.initial.update(chosen)
    return _page(request, report, verb, form)


def _answer(
    request: PersonRequest, report: Report, verb: Verb, keys: Unlocked | None
) -> HttpResponse:
    """Whatever is refused, what the officer typed stands in the form again."""
    assert verb.form is not None  # noqa: S101 - asked before
    opened = _opened(report, verb, keys)
    form = verb.form(request.POST, report=report, by=request.user, opened=opened)
    if not form.is_valid():
        return _page(request, report, verb, form)
    try:
        return _act(request, report, verb, keys, **form.cleaned_data)
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, report, verb, form)


def _act(
    request: PersonRequest, report: Report, verb: Verb, keys: Unlocked | None, **answers: Any
) -> HttpResponse:
    if verb.sealed and keys is None:
        raise DomainError(
            _(
                "The desk was locked, or the reason has run out. Open the report in a second "
                "window, then send this again."
            )
        )
    if verb.with_keys:
        answers["keys"] = keys
    if verb.seen is not None:
        seen = request.GET.get("seen", "")
        answers["seen"] = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    verb.act(report=report, by=request.user, **answers)
    messages.success(request, str(verb.done))
    if not report_is_known(request, report):
        return redirect("admin:reporting_report_changelist")
    return redirect(f"{access.page_of(report)}{verb.anchor}")


def report_is_known(request: PersonRequest, report: Report) -> bool:
    """Not any more, when somebody has just declared a conflict of interest."""
    return Report.objects.visible_to(request.user).filter(pk=report.pk).exists()


def _opened(report: Report, verb: Verb, keys: Unlocked | None) -> Opened | None:
    return opening.read(report, keys) if verb.reads and keys is not None else None


def _page(request: PersonRequest, report: Report, verb: Verb, form: DeskForm) -> HttpResponse:
    return access.ask(
        request,
        report,
        verb.template,
        form=form,
        title=verb.title or verb.text,
        text=verb.lead,
        button=verb.button or verb.text,
    )


def _url(verb: Verb, report: Report) -> str:
    url = reverse(f"admin:reporting_report_{verb.name}", args=[report.pk])
    return url if verb.seen is None else f"{url}?seen={verb.seen(report)}"


def buttons(user: User, report: Report, *, is_open: bool) -> dict[str, list[Button]]:
    """What this officer may do with it now, by the place of the page where it stands."""
    found: dict[str, list[Button]] = {}
    for verb in VERBS.values():
        if verb.may(user, report) and (is_open or not verb.sealed):
            found.setdefault(verb.placed(report), []).append(
                {
                    "name": verb.name,
                    "text": verb.text,
                    "url": _url(verb, report),
                    "link": verb.form is not None,
                    "secondary": not verb.leads(report),
                    "danger": verb.danger,
                }
            )
    for link in LINKS:
        if link.may(user, report) and (is_open or not link.sealed):
            url = reverse(f"admin:reporting_report_{link.name}", args=[report.pk])
            found.setdefault(link.place, []).append(
                {"name": link.name, "text": link.text, "url": url, "link": True, "secondary": True}
            )
    return found
