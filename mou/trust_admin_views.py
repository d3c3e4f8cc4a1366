"""What officers record about a certificate, and the offer they make on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou.actions import decisions, offers, trust, trust_events
from mou.comparison import PROGRAMME
from mou.desk_forms import TrustEventForm
from mou.desk_pages import form_page
from mou.models import Basis, Programme, TrustDecision, TrustStatus
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_truststatus_change"


def _record(request: PersonRequest, object_id: int, verb: str, **page: Any) -> HttpResponse:
    status = get_object_or_404(TrustStatus.objects.select_related("organisation"), pk=object_id)
    components = trust_events.components_for(verb, status)
    if not components:
        raise Http404
    form = TrustEventForm(request.POST or None, components=components)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        trust.record(verb=verb, status=status, by=request.user, **told)
        later = _("The decision is kept. It takes effect on its day.")
        is_later = told["effective_on"] > timezone.localdate()
        messages.success(request, later if is_later else page["done"])
        return redirect(PAGE, status.pk)
    page.pop("done")
    return form_page(request, form=form, back_url=_url(status), **page)


def _url(status: TrustStatus) -> str:
    return redirect(PAGE, status.pk).url


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def suspend(request: PersonRequest, object_id: int) -> HttpResponse:
    return _record(
        request,
        object_id,
        "suspend",
        title=_("Record a suspension"),
        text=_(
            "Agreements that rest on the suspended part are suspended at once, "
            "and nobody can sign on it. The firm is told."
        ),
        button=_("Suspend"),
        done=_("The suspension is recorded, and what rests on it follows."),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def reinstate(request: PersonRequest, object_id: int) -> HttpResponse:
    return _record(
        request,
        object_id,
        "reinstate",
        title=_("Record that a suspension was lifted"),
        text=_("Suspended agreements stay suspended until an officer puts each in force again."),
        button=_("Reinstate"),
        done=_("The reinstatement is recorded. Look at the agreements that were suspended."),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def revoke(request: PersonRequest, object_id: int) -> HttpResponse:
    return _record(
        request,
        object_id,
        "revoke",
        title=_("Record a revocation"),
        text=_(
            "A revocation cannot be taken back here: who gets a certificate again gets a new one. "
            "Agreements that rest on the revoked part are suspended at once."
        ),
        button=_("Revoke"),
        done=_("The revocation is recorded, and what rests on it follows."),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def downgrade(request: PersonRequest, object_id: int) -> HttpResponse:
    return _record(
        request,
        object_id,
        "downgrade",
        title=_("Record that one part is left of two"),
        text=_(
            "Choose the part that the firm keeps. The type and the number change with it, and "
            "agreements that rest on the other part are suspended."
        ),
        button=_("Downgrade"),
        done=_("The downgrade is recorded, and what rests on the part that fell follows."),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def annul(request: PersonRequest, object_id: int) -> HttpResponse:
    return _record(
        request,
        object_id,
        "annul",
        title=_("Record an annulment"),
        text=_(
            "The certificate counts as never granted, from the day you enter. It cannot be taken "
            "back here. Agreements that rest on it are suspended at once."
        ),
        button=_("Annul"),
        done=_("The annulment is recorded, and what rests on it follows."),
    )


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def drop_decision(request: PersonRequest, object_id: int, decision_id: int) -> HttpResponse:
    """Before its day has come."""
    decision = get_object_or_404(TrustDecision, pk=decision_id, status=object_id)
    decisions.drop_decision(decision=decision, by=request.user)
    messages.success(request, _("The decision is taken back. It does not take effect."))
    return redirect(PAGE, object_id)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def offer(request: PersonRequest, object_id: int) -> HttpResponse:
    """A new offer where the last one was declined or withdrawn."""
    status = get_object_or_404(TrustStatus.objects.select_related("organisation"), pk=object_id)
    made = offers.offer(
        organisation=status.organisation,
        programme=get_object_or_404(Programme, code=PROGRAMME),
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        by=request.user,
    )
    messages.success(request, _("The offer is made. It needs an address before it can be sent."))
    return redirect("admin:mou_mouoffer_change", made.pk)
