"""Offers in bulk at the desk: choose holders, look at who gets an offer, confirm, watch, pause."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST
from django_countries import countries

from mou import candidates
from mou.actions import batches
from mou.batch_forms import ChooseForm
from mou.lifecycle import BatchStatus
from mou.models import Component, MouOffer, OfferBatch, Outcome, Programme
from portal import spreadsheets
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

READERS = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
SHOWN = 100
PAGE = "admin:mou_offerbatch_change"
CHOOSE = "admin:mou_offerbatch_choose"


@require_GET
@staff_role_required(StaffRole.CASEWORKER)
def choose(request: PersonRequest) -> HttpResponse:
    """The filter, and below it who would be offered an agreement and who not; nothing is written.

    By GET, so that the address says all that was chosen and another officer can look at it too.
    """
    asked = "programme" in request.GET
    form = ChooseForm(request.GET if asked else None)
    context = {
        **admin.site.each_context(request),
        "title": _("Offer agreements in bulk"),
        "form": form,
        "back_url": reverse("admin:mou_offerbatch_changelist"),
    }
    if asked and form.is_valid():
        context |= _previewed(form, request.GET)
    return render(request, "admin/mou/offerbatch/choose.html", context)


def _previewed(form: ChooseForm, query: QueryDict) -> dict[str, Any]:
    programme: Programme = form.cleaned_data["programme"]
    found = candidates.preview(programme, form.chosen)
    outcome = query.get("outcome", "")
    if outcome not in found.counts:
        outcome = str(Outcome.WAITING)
    of_it = candidates.holders(programme, form.chosen).filter(outcome=outcome)
    firms = list(of_it.order_by("legal_name", "pk")[: SHOWN + 1])
    told = query.copy()
    told.pop("outcome", None)
    return {
        "found": found,
        "kinds": _kinds(found.counts, outcome),
        "outcome": Outcome(outcome).label,
        "firms": firms[:SHOWN],
        "more": len(firms) > SHOWN,
        "shown": SHOWN,
        "query": told.urlencode(),
        "fields": [(name, value) for name in form.fields if (value := told.get(name))],
    }


def _kinds(counts: dict[str, int], chosen: str) -> list[tuple[str, Any, int, bool]]:
    """Code, words, how many, whether its firms are shown; in the order of the outcomes."""
    return [
        (str(one), one.label, counts[one], str(one) == chosen) for one in Outcome if counts.get(one)
    ]


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
def confirm(request: PersonRequest) -> HttpResponse:
    """What was shown is done; if it has changed since, it is shown again."""
    form = ChooseForm(request.POST)
    back = f"{reverse(CHOOSE)}?{_address(request.POST)}"
    if not form.is_valid():
        return redirect(back)
    try:
        batch = batches.offer_in_bulk(
            programme=form.cleaned_data["programme"],
            chosen=form.chosen,
            seen=request.POST.get("seen", ""),
            by=request.user,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _("The offers are being made."))
    return redirect(PAGE, batch.pk)


def _address(posted: QueryDict) -> str:
    told = QueryDict(mutable=True)
    told.update({name: posted.get(name, "") for name in ChooseForm.base_fields})
    return told.urlencode()


def facts(batch: OfferBatch, outcome: str) -> dict[str, Any]:
    """Everything that the page of one batch shows; of its firms those of one outcome."""
    kinds = _kinds(batch.counts, outcome)
    if outcome not in {code for code, *_rest in kinds}:
        outcome = kinds[0][0] if kinds else str(Outcome.OFFERED)
        kinds = _kinds(batch.counts, outcome)
    found = batch.lines.filter(outcome=outcome).select_related("organisation", "certificate")
    lines = list(found.order_by("pk")[: SHOWN + 1])
    offers = {}
    if outcome == Outcome.OFFERED:
        firms = [line.organisation_id for line in lines[:SHOWN]]
        made = MouOffer.objects.filter(batch=batch, organisation__in=firms)
        offers = {offer.organisation_id: offer for offer in made}
    return {
        "title": str(batch),
        "subtitle": None,
        "batch": batch,
        "chosen": _words(batch),
        "kinds": kinds,
        "outcome": Outcome(outcome).label,
        "lines": [(line, offers.get(line.organisation_id)) for line in lines[:SHOWN]],
        "more": len(lines) > SHOWN,
        "shown": SHOWN,
        "poll_url": reverse("admin:mou_offerbatch_state", args=[batch.pk]),
        "paused": batch.status == BatchStatus.PAUSED,
        **progress(batch),
    }


def _words(batch: OfferBatch) -> list[tuple[str, str]]:
    """The filter, for people."""
    told = candidates.Chosen(**batch.chosen)
    day = told.granted_since and date_format(date.fromisoformat(told.granted_since))
    component = told.component and str(Component(told.component).label)
    pairs = [
        (_("Part of the certificate that they hold"), component or _("Any part")),
        (_("Country"), countries.name(told.country) if told.country else _("Every country")),
        (_("Competent authority"), told.authority or _("Every authority")),
        (_("In effect since this day or later"), day or _("Any day")),
    ]
    if told.again:
        pairs.append((_("Offered an agreement before"), _("Also those")))
    if told.unaddressed:
        pairs.append((_("No address known"), _("Also those")))
    return pairs


def progress(batch: OfferBatch) -> dict[str, Any]:
    """How far the work on it is."""
    text = ngettext(
        "%(done)d of %(total)d firm has had its turn.",
        "%(done)d of %(total)d firms have had their turn.",
        batch.total,
    ) % {"done": batch.done, "total": batch.total}
    if batch.status == BatchStatus.PAUSED:
        text = f"{text} {_('Paused.')}"
    return {
        "done": batch.done,
        "total": batch.total,
        "text": text,
        "finished": batch.status != BatchStatus.RUNNING,
    }


@staff_role_required(*READERS)
def state(request: PersonRequest, object_id: int) -> JsonResponse:
    """The same for the script of the page."""
    return JsonResponse(progress(get_object_or_404(OfferBatch, pk=object_id)))


def verb_of(act: Callable[..., OfferBatch], said: Any) -> Callable[..., HttpResponse]:
    """The view of pause, resume and stop."""

    @require_POST
    @staff_role_required(StaffRole.CASEWORKER)
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, object_id: int) -> HttpResponse:
        batch = act(batch=get_object_or_404(OfferBatch, pk=object_id), by=request.user)
        messages.success(request, str(said))
        return redirect(PAGE, batch.pk)

    return view


VERBS = {
    "pause": verb_of(
        batches.pause_batch, gettext_lazy("The batch is paused. Offers made stay made.")
    ),
    "resume": verb_of(batches.resume_batch, gettext_lazy("The batch goes on.")),
    "stop": verb_of(
        batches.stop_batch, gettext_lazy("The batch is stopped. Offers made stay made.")
    ),
}


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def download(request: PersonRequest, object_id: int) -> HttpResponse:
    """Every firm and what became of it; a POST, because taking them is recorded."""
    batch = get_object_or_404(OfferBatch, pk=object_id)
    rows = batches.results_list(batch=batch, by=request.user)
    return spreadsheets.attachment(rows, f"offers-{batch.pk}.csv")
