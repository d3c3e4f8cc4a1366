"""Who signs for the firm: the people named, and once there is a document, who has signed it."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import permissions, signing_permissions
from mou.actions import naming
from mou.dossier import Dossier
from mou.signatory_rows import rows_of
from mou.signing_forms import AddSignatoryForm
from mou.views.agreements import get_agreement, people_url
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest


def signatories(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The people, each with what is signed, what is missing and who may still sign."""
    mou = get_agreement(request, uuid)
    dossier = Dossier(mou)
    version, table = dossier.version, dossier.table
    may_sign = (
        version is not None
        and table is not None
        and signing_permissions.can_sign_now(request.user, version, table)
    )
    context = {
        "mou": mou,
        "version": version,
        "table": table,
        "rows": rows_of(dossier),
        "may_name": permissions.can_name_signatory(request.user, mou),
        "may_sign": may_sign and table is not None and table.being_made is None,
    }
    return render(request, "mou/signatories.html", context)


@shows_domain_errors("mou:signatories")
def add_signatory(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The owner names one more person."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_name_signatory(request.user, mou):
        raise Http404
    form = AddSignatoryForm(request.POST or None, mou=mou)
    if request.method == "POST" and form.is_valid():
        made = naming.add_signatory(mou=mou, by=request.user, **form.cleaned_data)
        messages.success(
            request, _("%(name)s may sign for the firm.") % {"name": made.membership.user}
        )
        return redirect("mou:signatories", mou.uuid)
    context: dict[str, Any] = {
        "mou": mou,
        "form": form,
        "nobody": not form.others.exists(),
        "people_url": people_url(),
    }
    return render(request, "mou/add_signatory.html", context)


@require_POST
@shows_domain_errors("mou:signatories")
def remove_signatory(request: PersonRequest, uuid: uuids.UUID, further: uuids.UUID) -> HttpResponse:
    """The owner leaves one person out again."""
    mou = get_agreement(request, uuid)
    found = mou.further_signatories.select_related("mou", "membership__user")
    one = get_object_or_404(found, uuid=further)
    naming.remove_signatory(further=one, by=request.user)
    messages.success(
        request, _("%(name)s is not to sign any more.") % {"name": one.membership.user}
    )
    return redirect("mou:signatories", mou.uuid)
