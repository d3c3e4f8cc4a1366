"""The firm's signature: read, declare, confirm with the second factor, and watch it being made."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import documents, signing_permissions
from mou.actions import signatures
from mou.declaring import Declaring, progress
from mou.models import Mou, MouVersion, Party, Signature
from mou.seats import table_of
from mou.views.agreements import get_agreement
from portal import second_factor
from portal.errors import InvalidTransition, shows_domain_errors
from portal.requests import PersonRequest


def _open(request: PersonRequest, mou: Mou) -> MouVersion:
    """The version that the reader may sign now; else the reason why not."""
    version = mou.current
    if version is not None:
        version.mou = mou
        signatures.demand_seat(table_of(version), request.user)
    if version is None or not signing_permissions.can_sign(request.user, version):
        raise InvalidTransition(_("There is nothing for you to sign in this agreement now."))
    signatures.refuse_taken(table_of(version), request.user)
    signatures.refuse_fallen_basis(mou)
    return version


@shows_domain_errors("mou:agreement")
def declare(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The frozen document, its text on the page, and what the signer declares."""
    mou = get_agreement(request, uuid)
    version = _open(request, mou)
    if not second_factor.has_second_factor(request.user):
        return render(request, "mou/second_factor.html", _set_up(mou, request.path))
    declaring = Declaring(request, version, Party.BUSINESS)
    form = declaring.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        declaring.keep(form)
        return redirect("mou:sign", mou.uuid)
    context = {
        "mou": mou,
        "declaring": declaring,
        "form": form,
        "signed_by": [one.signer_name for one in table_of(version).live],
        "text": documents.render_html(version.content),
        "download_url": _download_url(declaring),
    }
    return render(request, "mou/declare.html", context)


def _set_up(mou: Mou, after: str) -> dict[str, Any]:
    return {"mou": mou, "set_up_url": f"{reverse(second_factor.SET_UP)}?next={after}"}


def _download_url(declaring: Declaring) -> str:
    version, document = declaring.version, declaring.document
    return reverse("mou:download", args=[version.mou.uuid, version.number, document.step])


@shows_domain_errors("mou:agreement")
def sign(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What was declared, once more, and the second factor that makes it a signature."""
    mou = get_agreement(request, uuid)
    declaring = Declaring(request, _open(request, mou), Party.BUSINESS)
    if declaring.kept is None:
        return redirect("mou:declare", mou.uuid)
    form = declaring.factor_form(request.POST or None)
    if request.method == "POST" and form.is_valid() and (proof := declaring.prove(form)):
        made = signatures.sign(
            version=declaring.version, declaration=declaring.declaration(*proof), by=request.user
        )
        declaring.forget()
        return redirect("mou:signature", made.uuid)
    context = {
        "mou": mou,
        "declaring": declaring,
        "form": form,
        "download_url": _download_url(declaring),
        "passkey_options": declaring.passkey_options(),
    }
    return render(request, "mou/sign.html", context)


def _own(request: PersonRequest, uuid: uuids.UUID) -> Signature:
    found = Signature.objects.filter(signer=request.user).select_related(
        "version__mou__organisation"
    )
    return get_object_or_404(found, uuid=uuid)


def signature(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Whether the signature is made, being made, or why it is not."""
    found = _own(request, uuid)
    if found.party != Party.BUSINESS:
        raise Http404
    return render(
        request,
        "mou/signature.html",
        {
            "signature": found,
            "mou": found.version.mou,
            "missing": table_of(found.version).missing,
            **progress(found, reverse("mou:signature_state", args=[found.uuid])),
        },
    )


def state(request: PersonRequest, uuid: uuids.UUID) -> JsonResponse:
    """The same for the script of the page."""
    found = progress(_own(request, uuid), "")
    return JsonResponse({key: found[key] for key in ("done", "total", "text", "finished")})
