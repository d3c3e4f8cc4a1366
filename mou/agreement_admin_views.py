"""What officers do with an agreement: draft, read, send, take back, reinstate, withdraw."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import amending, clauses, documents, permissions
from mou.actions import agreements, drafting, standing
from mou.attempts import attempt
from mou.dossier import Dossier
from mou.forms import DraftForm, ProposeForm, ReasonForm, ReinstateForm, ReopenForm, WithdrawForm
from mou.happenings import history
from mou.lifecycle import VersionStatus
from mou.models import Mou
from mou.rooms import rooms_of
from mou.seats import named
from mou.views.documents import document_response
from mou.views.versions import compared
from portal.errors import shows_domain_errors
from portal.models import StaffRole, User
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

READERS = (StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
PAGE = "admin:mou_mou_change"


def get_mou(object_id: int) -> Mou:
    mous = Mou.objects.select_related(
        "organisation",
        "programme",
        "signatory__user",
        "caseworker",
        "trust_status",
        "offer__answered_by",
    )
    return get_object_or_404(mous, pk=object_id)


def page_of(mou: Mou) -> str:
    return reverse(PAGE, args=[mou.pk])


def facts(mou: Mou, user: User) -> dict[str, Any]:
    """Everything that the page of one agreement shows."""
    mou = get_mou(mou.pk)
    dossier = Dossier(mou)
    found = mou.versions.select_related("drafted_by", "template")
    versions = list(found.prefetch_related("signatures__signer").order_by("-number"))
    return {
        "title": mou.number,
        "subtitle": None,
        "mou": mou,
        "dossier": dossier,
        "people": named(mou),
        "versions": versions,
        "signatures": [signature for version in versions for signature in version.signatures.all()],
        "history": history(mou, for_staff=True),
        "rooms": rooms_of(user, mou),
        "earlier": list(mou.earlier),
        "renamed": amending.renamed(mou, versions),
    }


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def draft(request: PersonRequest, object_id: int) -> HttpResponse:
    """A new text from a template; an open draft becomes void."""
    mou = get_mou(object_id)
    form = DraftForm(request.POST or None, mou=mou)
    if request.method == "POST" and attempt(form, drafting.draft, mou=mou, by=request.user):
        messages.success(request, _("The text is drafted. Read it, then send it to the firm."))
        return redirect("admin:mou_mou_preview", mou.pk)
    if request.method != "POST" and not permissions.can_draft(request.user, mou):
        raise Http404
    return _form_page(
        request,
        mou,
        form,
        title=_("Draft the text"),
        text=_(
            "The text is made from the template and names both parties and the signatory. "
            "A draft that is open becomes void."
        )
        + _agreed_in(mou),
        button=_("Draft"),
    )


def _agreed_in(mou: Mou) -> str:
    """In which languages wordings were agreed: a draft in another one leaves them out."""
    agreed = clauses.left_out(mou, "")
    if not agreed:
        return ""
    told = "; ".join(f"{one.title} ({one.language_name})" for one in agreed)
    return " " + _(
        "Agreed wordings go into a draft in their own language only; a draft in another one "
        "leaves them out until they are agreed in it: %(told)s."
    ) % {"told": told}


@staff_role_required(*READERS)
def preview(request: PersonRequest, object_id: int) -> HttpResponse:
    """The current text as the firm reads it, and the button that sends it."""
    mou = get_mou(object_id)
    version = mou.current
    if version is None:
        raise Http404
    is_draft = version.status == VersionStatus.DRAFT
    may_propose = is_draft and permissions.can_propose(request.user, mou)
    context = {
        **admin.site.each_context(request),
        "title": _("The text of %(number)s, version %(version)d")
        % {"number": mou.number, "version": version.number},
        "mou": mou,
        "version": version,
        "text": documents.render_html(version.content),
        "form": ProposeForm(initial={"content_hash": version.content_hash}),
        "may_propose": may_propose,
        "left_out": clauses.left_out(mou, version.content.get("language", "")) if is_draft else [],
        "back_url": page_of(mou),
    }
    return render(request, "admin/mou/mou/preview.html", context)


@staff_role_required(*READERS)
def difference(request: PersonRequest, object_id: int) -> HttpResponse:
    """What two versions of the text say differently."""
    mou = get_mou(object_id)
    context = {
        **admin.site.each_context(request),
        "title": _("What has changed in the text"),
        "mou": mou,
        "back_url": page_of(mou),
        **compared(mou, request.user, request.GET if request.GET else None),
    }
    return render(request, "admin/mou/mou/difference.html", context)


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def propose(request: PersonRequest, object_id: int) -> HttpResponse:
    """Accept the text that was read for the administration, and send it to the firm."""
    mou = get_mou(object_id)
    form = ProposeForm(request.POST)
    content_hash = form.cleaned_data["content_hash"] if form.is_valid() else ""
    drafting.propose(mou=mou, content_hash=content_hash, by=request.user)
    messages.success(request, _("The text is with the firm. Its owners are told by e-mail."))
    return redirect(PAGE, mou.pk)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def reopen(request: PersonRequest, object_id: int) -> HttpResponse:
    """Take an agreed text back; signatures on it become void."""
    mou = get_mou(object_id)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drafting.reopen(mou=mou, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The text is taken back. Draft a new one."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_reopen(request.user, mou):
        raise Http404
    return _form_page(
        request,
        mou,
        form,
        title=_("Take the text back"),
        text=_("The document and the signatures on it become void. The firm has to sign again."),
        button=_("Take back"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def reinstate(request: PersonRequest, object_id: int) -> HttpResponse:
    """Confirm that a suspended agreement is in force again."""
    mou = get_mou(object_id)
    form = ReinstateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        standing.reinstate(mou=mou, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The agreement is in force again."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_reinstate(request.user, mou):
        raise Http404
    return _form_page(
        request,
        mou,
        form,
        title=_("Put in force again"),
        text=_("The certificate has to be valid again before. Both parties are told by e-mail."),
        button=_("Put in force"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def withdraw(request: PersonRequest, object_id: int) -> HttpResponse:
    """Give the agreement up before it is in force."""
    mou = get_mou(object_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreements.withdraw(mou=mou, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The agreement is withdrawn. Both sides are told by e-mail."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_withdraw(request.user, mou):
        raise Http404
    return _form_page(
        request,
        mou,
        form,
        title=_("Withdraw the agreement"),
        text=_("It cannot be undone. The firm reads the reason."),
        button=_("Withdraw"),
    )


@staff_role_required(*READERS)
def download(request: PersonRequest, object_id: int, number: int, step: str) -> HttpResponse:
    """One document, recorded as disclosed to the officer."""
    return document_response(get_mou(object_id), number, step, by=request.user)


def _form_page(
    request: PersonRequest, mou: Mou, form: ReasonForm | DraftForm, **context: Any
) -> HttpResponse:
    context |= {
        **admin.site.each_context(request),
        "form": form,
        "back_url": page_of(mou),
        "subtitle": mou.number,
    }
    return render(request, "portal/admin/form.html", context)
