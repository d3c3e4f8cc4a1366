"""What officers record about a certificate, and the offer they make on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou.actions import consents, decisions, exporting, offers, trust, trust_events
from mou.comparison import PROGRAMME
from mou.desk_forms import ConsentForm, TrustEventForm
from mou.desk_pages import form_page
from mou.models import Basis, Programme, TrustDecision, TrustStatus
from mou.obstacles import demand_none
from portal import spreadsheets
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


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def consent(request: PersonRequest, object_id: int) -> HttpResponse:
    """The holder consents to publication or to exchange, or takes that back."""
    status = get_object_or_404(TrustStatus.objects.select_related("organisation"), pk=object_id)
    given = set(status.consents.filter(withdrawn_on=None).values_list("kind", flat=True))
    form = ConsentForm(request.POST or None, given=given)
    if request.method == "POST" and form.is_valid():
        verb, kind = form.cleaned_data["what"].split(":")
        told = {"status": status, "kind": kind, "by": request.user}
        day = form.cleaned_data["day"]
        if verb == "give":
            consents.give_consent(given_on=day, **told)
        else:
            consents.withdraw_consent(withdrawn_on=day, **told)
        messages.success(request, _("It is recorded."))
        return redirect(PAGE, status.pk)
    return form_page(
        request,
        title=_("Consents of the holder"),
        text=_("Each is given by itself, and the holder may take it back at any time."),
        form=form,
        button=_("Record"),
        back_url=_url(status),
    )


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
def export(request: PersonRequest) -> HttpResponse:
    """The whole register; a POST, because taking it is recorded."""
    rows = exporting.export_register(by=request.user)
    return spreadsheets.attachment(rows, "register.csv")


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
def published(request: PersonRequest) -> HttpResponse:
    """What the holders let be published."""
    rows = exporting.export_published(by=request.user)
    return spreadsheets.attachment(rows, "published.csv")


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def offer(request: PersonRequest, object_id: int) -> HttpResponse:
    """A new offer where nothing stands in the way of one."""
    status = get_object_or_404(TrustStatus.objects.select_related("organisation"), pk=object_id)
    programme = get_object_or_404(Programme, code=PROGRAMME)
    demand_none(programme, status.organisation)
    made = offers.offer(
        organisation=status.organisation,
        programme=programme,
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        by=request.user,
    )
    messages.success(request, _("The offer is made. It needs an address before it can be sent."))
    return redirect("admin:mou_mouoffer_change", made.pk)
