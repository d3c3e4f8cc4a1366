"""The pages of the form: what was typed is kept first, and judged after that."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from reporting import drafts, steps
from reporting.drafts import Held
from reporting.forms.circumstances import RepeatingForm
from reporting.forms.steps import PageForm, Stored
from reporting.steps import BY_SLUG, Step
from reporting.views.pages import intake, notice_of, page


def _elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """A post that did not come from our page: shown again as typed, and nothing kept."""
    step = _step(slug)
    stored = step.form_of(None).keeps(request.POST)
    form = (step.form or PageForm)(stored)
    return _shown(step, None, form, {"elsewhere": True})


@intake(_elsewhere)
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """One page of questions."""
    here = _step(slug)
    if request.method != "POST":
        held = drafts.find(request)
        context = {
            "notice": notice_of(request, held),
            "lost": held is None and drafts.COOKIE in request.COOKIES,
            "then": "check" if request.GET.get("then") == "check" else "",
        }
        return _shown(here, held, here.form_of(held), context)
    with drafts.writing(request, language=get_language()) as held:
        return _taken(here, held, request)


def _step(slug: str) -> Step:
    found = BY_SLUG.get(slug)
    if found is None or found.form is None:
        raise Http404
    return found


def _taken(here: Step, held: Held, request: HttpRequest) -> HttpResponse:
    """Keep what was posted; then the next page, or this one again."""
    posted = request.POST
    shown = here.form_of(held)
    stored = _stored(shown, posted)
    held.answers[here.slug] = stored
    if held.is_new and (here.slug != steps.STEPS[0].slug or drafts.COOKIE in request.COOKIES):
        held.told["notice"] = "anew"
    then = "check" if posted.get("then") == "check" else ""
    form = here.form_of(held)
    if "add" in posted or "remove" in posted:
        again = reverse("report_step", args=[here.slug]) + ("?then=check" if then else "")
        return _redirect(held, f"{again}#{_place(form, posted)}")
    if form.asks_more_than(shown):
        form.quiet = True
        return _shown(here, held, form, {"then": then, "asks_more": True})
    if not form.is_valid():
        return _shown(here, held, form, {"then": then})
    return _redirect(held, _address(then or steps.after(here.slug)))


def _stored(shown: PageForm, posted: Any) -> Stored:
    stored = shown.keeps(posted)
    if not isinstance(shown, RepeatingForm):
        return stored
    if "add" in posted:
        return shown.groups.with_another(stored)
    number = posted.get("remove", "")
    # No page has so many; and what is longer than Python reads would be a fault of ours.
    known = number.isdecimal() and len(number) < 4
    return shown.groups.without(stored, int(number)) if known else stored


def _place(form: PageForm, posted: Any) -> str:
    """Where the page goes on after something was added or removed."""
    if "add" in posted and isinstance(form, RepeatingForm):
        return f"{form.groups.name}-{form.groups.count}"
    return "main-content"


@cache
def _address(slug: str) -> str:
    """Some pages have a view of their own. Asked eleven times a page, so it is remembered."""
    if BY_SLUG[slug].form:
        return reverse("report_step", args=[slug])
    return reverse(f"report_{slug}")


def _redirect(held: Held, url: str) -> HttpResponse:
    response = redirect(url)
    drafts.set_cookie(response, held.secret)
    return response


def _shown(
    here: Step, held: Held | None, form: PageForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    return page(_template(here), held, about(here, held, form) | (context or {}))


def _template(here: Step) -> str:
    return here.slug if here.slug in {"about", "transport", "what", "who"} else "step"


def about(here: Step, held: Held | None, form: PageForm | None = None) -> dict[str, Any]:
    """What the frame of each page of the form shows: where one is, and the way back."""
    earlier = steps.before(here.slug)
    return {
        "step": here,
        "form": form,
        "number": [one.slug for one in steps.STEPS].index(here.slug) + 1,
        "total": len(steps.STEPS),
        "back_url": _address(earlier) if earlier else reverse("report"),
        "progress": [
            one | {"url": _address(one["slug"])} for one in steps.progress(held, here.slug)
        ],
    }
