"""The administration's signature: read, declare, confirm with the second factor, at the desk."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import documents, permissions, signing_permissions
from mou.actions import rounds, signatures
from mou.agreement_admin_views import PAGE, get_mou, page_of
from mou.declaring import Declaring, progress
from mou.desk_pages import form_page
from mou.models import Mou, MouVersion, Party, Signature
from mou.signing_forms import DeclineToSignForm
from portal.errors import AlreadyDone, DomainError, InvalidTransition, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest


def is_signed_by_firm(version: MouVersion) -> bool:
    return signatures.is_stamped(version, Party.BUSINESS)


def _open(request: PersonRequest, mou: Mou) -> MouVersion:
    """The version that this officer may countersign now; else the reason why not."""
    version = mou.current
    if version is not None and version.drafted_by_id == request.user.pk:
        raise DomainError(_("You drafted this text. Another countersigner has to sign it."))
    if version is None or not permissions.can_countersign(request.user, version):
        raise InvalidTransition(_("There is nothing to countersign in this agreement now."))
    first = version.signature_of(Party.ADMINISTRATION)
    if isinstance(first, Signature):
        raise AlreadyDone(
            _("%(name)s has signed for the administration already.") % {"name": first.signer_name}
        )
    if not is_signed_by_firm(version):
        raise DomainError(_("The firm’s signature is not complete yet. Come back when it is."))
    signatures.refuse_fallen_basis(mou)
    return version


@staff_role_required(StaffRole.COUNTERSIGNER)
@shows_domain_errors(PAGE)
def declare(request: PersonRequest, object_id: int) -> HttpResponse:
    """The document as the firm signed it, its text, and what the officer declares."""
    mou = get_mou(object_id)
    declaring = Declaring(request, _open(request, mou), Party.ADMINISTRATION)
    form = declaring.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        declaring.keep(form)
        return redirect("admin:mou_mou_countersign", mou.pk)
    context = {"form": form, "text": documents.render_html(declaring.version.content)}
    return _page(request, "declare", declaring, _("Read and countersign"), context)


@staff_role_required(StaffRole.COUNTERSIGNER)
@shows_domain_errors(PAGE)
def countersign(request: PersonRequest, object_id: int) -> HttpResponse:
    """What was declared, once more, and the second factor that makes it a signature."""
    mou = get_mou(object_id)
    declaring = Declaring(request, _open(request, mou), Party.ADMINISTRATION)
    if declaring.kept is None:
        return redirect("admin:mou_mou_declare", mou.pk)
    form = declaring.factor_form(request.POST or None)
    if request.method == "POST" and form.is_valid() and (proof := declaring.prove(form)):
        made = signatures.countersign(
            version=declaring.version, declaration=declaring.declaration(*proof), by=request.user
        )
        declaring.forget()
        return redirect("admin:mou_mou_signature", made.uuid)
    context = {"form": form, "passkey_options": declaring.passkey_options()}
    return _page(request, "countersign", declaring, _("Check and countersign"), context)


@staff_role_required(StaffRole.COUNTERSIGNER)
@shows_domain_errors(PAGE)
def decline_to_sign(request: PersonRequest, object_id: int) -> HttpResponse:
    """A countersigner says no, and why; the text goes back to be changed."""
    mou = get_mou(object_id)
    form = DeclineToSignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rounds.decline_to_sign(mou=mou, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("You declined to sign. Both sides are told by e-mail."))
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not signing_permissions.can_decline_to_sign(request.user, mou):
        raise Http404
    return form_page(
        request,
        form=form,
        title=_("Decline to sign"),
        text=_("The document and the signatures on it become void, and the text goes back."),
        button=_("Decline to sign"),
        back_url=page_of(mou),
        subtitle=mou.number,
    )


def _page(
    request: PersonRequest, name: str, declaring: Declaring, title: str, context: dict[str, Any]
) -> HttpResponse:
    version = declaring.version
    step = declaring.document.step
    context |= {
        **admin.site.each_context(request),
        "title": title,
        "mou": version.mou,
        "declaring": declaring,
        "download_url": reverse(
            "admin:mou_mou_download", args=[version.mou_id, version.number, step]
        ),
        "change_url": reverse("admin:mou_mou_declare", args=[version.mou_id]),
        "back_url": page_of(version.mou),
    }
    return render(request, f"admin/mou/mou/{name}.html", context)


def _own(request: PersonRequest, uuid: uuids.UUID) -> Signature:
    found = Signature.objects.filter(signer=request.user, party=Party.ADMINISTRATION)
    return get_object_or_404(found.select_related("version__mou__organisation"), uuid=uuid)


@staff_role_required(StaffRole.COUNTERSIGNER)
def signature(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Whether the signature is made, being made, or why it is not."""
    found = _own(request, uuid)
    poll_url = reverse("admin:mou_mou_signature_state", args=[found.uuid])
    context = {
        **admin.site.each_context(request),
        "title": _("Your signature"),
        "signature": found,
        "mou": found.version.mou,
        "back_url": page_of(found.version.mou),
        **progress(found, poll_url),
    }
    return render(request, "admin/mou/mou/signature.html", context)


@staff_role_required(StaffRole.COUNTERSIGNER)
def state(request: PersonRequest, uuid: uuids.UUID) -> JsonResponse:
    """The same for the script of the page."""
    found = progress(_own(request, uuid), "")
    return JsonResponse({key: found[key] for key in ("done", "total", "text", "finished")})
