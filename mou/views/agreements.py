"""The page of one agreement, its signatory, and giving it up."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mou import permissions, signing_permissions
from mou.actions import agreements
from mou.dossier import WORKER, Dossier, Stage
from mou.forms import WithdrawForm
from mou.happenings import history
from mou.models import Mou, Notice, Party
from mou.rooms import rooms_of
from mou.seats import named
from mou.signing_forms import NameSignatoryForm
from portal.errors import shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest


def get_agreement(request: PersonRequest, uuid: uuids.UUID) -> Mou:
    """The agreement, where the reader may know of it; else 404."""
    mous = Mou.objects.visible_to(request.user).select_related(
        "organisation",
        "programme",
        "signatory__user",
        "caseworker",
        "trust_status",
        "offer__answered_by",
    )
    return get_object_or_404(mous, uuid=uuid)


def agreement(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Where the agreement stands, who must act, its people and documents."""
    mou = get_agreement(request, uuid)
    dossier = Dossier(mou)
    your_turn = _url_of(dossier, request.user)
    seat = signing_permissions.seat_to_delegate(request.user, mou)
    return render(
        request,
        "mou/agreement.html",
        {
            "mou": mou,
            "dossier": dossier,
            "tasks": _tasks(dossier, request.user),
            "next_words": _your_words(dossier) if your_turn else _next_words(dossier),
            "your_turn": your_turn,
            "history": history(mou, for_staff=False),
            "rooms": rooms_of(request.user, mou),
            "earlier": list(mou.earlier),
            **_life(mou, request.user),
            "may_name": permissions.can_name_signatory(request.user, mou),
            "may_withdraw": permissions.can_withdraw(request.user, mou),
            "table": dossier.table,
            "people": named(mou),
            "may_delegate": seat is not None,
            "may_take_delegation_back": seat is not None and seat.delegation is not None,
            "may_decline_to_sign": signing_permissions.can_decline_to_sign(request.user, mou),
            "may_drop": permissions.can_drop(request.user, mou),
        },
    )


def _life(mou: Mou, user: User) -> dict[str, Any]:
    """What the firm may know of an agreement that was signed; what is only considered is not."""
    if mou.in_force_at is None:
        return {}
    notice = Notice.objects.live().filter(mou=mou, last_day__isnull=False).first()
    if notice is not None:
        notice.mou = mou
    return {
        "notice": notice,
        "may_take_back": notice is not None and permissions.can_take_notice_back(user, notice),
        "may_give_notice": permissions.can_give_notice(user, mou),
        "suspensions": list(mou.suspensions.filter(lifted_at=None)),
    }


def _url_of(dossier: Dossier, user: User) -> str:
    """Where the reader does the next step, if it is the reader's."""
    mou, stage = dossier.mou, dossier.next
    if stage is None or stage.turn != Party.BUSINESS:
        return ""
    may = {
        "name_signatory": ("mou:name_signatory", lambda: permissions.can_name_signatory(user, mou)),
        "agree": ("mou:read", lambda: permissions.can_agree(user, mou)),
        "sign": (
            "mou:declare",
            lambda: (
                dossier.version is not None
                and dossier.table is not None
                and signing_permissions.can_sign_now(user, dossier.version, dossier.table)
            ),
        ),
    }
    name, allowed = may[stage.verb]
    return reverse(name, args=[mou.uuid]) if allowed() else ""


def _tasks(dossier: Dossier, user: User) -> list[dict[str, str]]:
    return [_task(dossier, stage, user) for stage in dossier.stages]


def _task(dossier: Dossier, stage: Stage, user: User) -> dict[str, str]:
    task = {"text": stage.text, "hint": _done_words(stage) if stage.done else ""}
    if stage.done:
        return task | {"status": _("Done"), "colour": "green"}
    if dossier.ended:
        return task | {"status": _("Not needed any more")}
    if stage != dossier.next:
        return task | {"status": _("Later")}
    if url := _url_of(dossier, user):
        return task | {"status": _("Your turn"), "colour": "yellow", "url": url}
    return task | {"status": _turn_words(dossier, stage), "colour": "blue"}


def _done_words(stage: Stage) -> str:
    when = date_format(localtime(stage.at), "j F Y") if stage.at else ""
    return ", ".join(word for word in (stage.by, when) if word)


def _turn_words(dossier: Dossier, stage: Stage) -> str:
    if stage.turn == WORKER:
        return _("Being made")
    if stage.turn == Party.ADMINISTRATION:
        return _("With the administration")
    if stage.verb == "sign" and dossier.table is not None:
        names = [str(seat.signer.user) for seat in dossier.table.waiting]
        return _("Waits for %(name)s") % {"name": _(" or ").join(names)}
    return _("Waits for an owner of the firm")


def _your_words(dossier: Dossier) -> str:
    """What the reader is to do."""
    if dossier.next is None:
        return ""
    return {
        "name_signatory": _("Name the person who signs for your firm."),
        "agree": _("Read the text, and accept it or send it back with a remark."),
        "sign": _("Read the sealed document and sign it here."),
    }[dossier.next.verb]


def _next_words(dossier: Dossier) -> str:
    stage = dossier.next
    if stage is None:
        return ""
    if stage.verb in {"sign", "countersign"} and stage.turn == WORKER:
        return _(
            "The signature is being made and time-stamped. You get an e-mail when it is complete; "
            "nobody needs to do anything until then."
        )
    return {
        "name_signatory": _("An owner of the firm names the person who signs for it."),
        "draft": _(
            "A caseworker drafts the text from a template. You get an e-mail when it is ready "
            "to be read."
        ),
        "agree": _(
            "An owner of the firm reads the text and accepts it, or sends it back with a remark."
        ),
        "seal": _(
            "The document is being made and sealed. The signatory gets an e-mail when it can "
            "be signed."
        ),
        "sign": _sign_words(dossier),
        "countersign": _(
            "An officer who did not draft the text signs for the administration. "
            "You get an e-mail when it is done."
        ),
        "archive": _(
            "Both parties have signed. The document is being archived, and with that it applies."
        ),
    }[stage.verb]


def _sign_words(dossier: Dossier) -> str:
    table = dossier.table
    if table is None or table.needed == 1:
        return _("The signatory reads the sealed document and signs it here.")
    return ngettext(
        "%(needed)d people sign for the firm, one after the other; %(missing)d signature is "
        "missing. Each reads the sealed document and signs it here.",
        "%(needed)d people sign for the firm, one after the other; %(missing)d signatures are "
        "missing. Each reads the sealed document and signs it here.",
        table.missing,
    ) % {"needed": table.needed, "missing": table.missing}


@shows_domain_errors("mou:agreement")
def name_signatory(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The owner names who signs for the firm."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_name_signatory(request.user, mou):
        raise Http404
    form = NameSignatoryForm(request.POST or None, mou=mou)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["signatory"]
        agreements.name_signatory(
            mou=mou, signatory=chosen, function=form.cleaned_data["function"], by=request.user
        )
        messages.success(request, _("%(name)s signs for the firm.") % {"name": chosen.user})
        return redirect("mou:agreement", mou.uuid)
    context: dict[str, Any] = {"mou": mou, "form": form, "people_url": people_url()}
    return render(request, "mou/name_signatory.html", context)


def people_url() -> str:
    try:
        return reverse("organisation")
    except NoReverseMatch:
        return ""


@shows_domain_errors("mou:agreement")
def withdraw(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm gives up before the agreement is in force."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_withdraw(request.user, mou):
        raise Http404
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreements.withdraw(mou=mou, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The agreement is withdrawn. Both sides are told by e-mail."))
        return redirect("mou:agreement", mou.uuid)
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("Withdraw from the agreement"),
            "text": _(
                "Nothing more happens with this agreement, and a text in work becomes void. "
                "It cannot be undone; the administration may make a new offer later."
            ),
            "rows": [
                {"key": _("Agreement"), "value": mou.number},
                {"key": _("Firm"), "value": mou.organisation.legal_name},
            ],
            "form": form,
            "button": _("Withdraw"),
            "warning": True,
            "back_url": reverse("mou:agreement", args=[mou.uuid]),
        },
    )
