"""What leaves the portal by an officer’s hand: an exchange as a PDF, and its files as bytes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners import documents, exchange_reading, exchange_texts, opening
from partners.actions import exchange_exports
from partners.actions.exchange_exports import Print
from partners.admin_views.exchange_pages import PAGE, UnlockedRequest, ask, exchange_or_404
from partners.forms.exports import ExportForm, TakeFileForm
from partners.models import Exchange
from partners.opening import Opened
from portal import rescue
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.requests import PersonRequest
from portal.sealing import SealBroken
from portal.unlocked_views import unlocked_required


@shows_domain_errors(PAGE)
def export(request: PersonRequest, object_id: int) -> HttpResponse:
    """For whom and why; then the PDF, with the handling code on every page."""
    exchange_or_404(request, object_id)
    return _export(request, object_id=object_id)


@unlocked_required
def _export(request: UnlockedRequest, object_id: int) -> HttpResponse:
    exchange = exchange_or_404(request, object_id)
    form = ExportForm(request.POST or None, thing=exchange, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = exchange_exports.export(
                exchange=exchange, keys=request.keys, by=request.user, **form.cleaned_data
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _pdf(exchange, made, form.cleaned_data["recipient"])
    return ask(
        request,
        exchange,
        form=form,
        title=_("Print or hand out %(reference)s") % {"reference": exchange.reference},
        text=exchange_reading.limits_with_instrument(exchange),
        button=_("Make the PDF"),
    )


def _pdf(exchange: Exchange, made: Print, recipient: str) -> HttpResponse:
    context = {
        **exchange_texts.laid_out(exchange, made.opened, words=made.words),
        "exchange": exchange,
        "issuer": settings.BRAND["administration"],
        "limits_line": exchange_reading.limits_of(exchange),
        "facts": exchange_reading.told_rows(exchange),
        "made_at": timezone.localtime(),
        "recipient": recipient,
    }
    return _attachment(documents.render(context), f"{exchange.reference}.pdf", "application/pdf")


@shows_domain_errors(PAGE)
def save_file(request: PersonRequest, object_id: int, file: UUID) -> HttpResponse:
    """For whom and why; then the attachment as bytes to be saved, never shown in a page."""
    exchange_or_404(request, object_id)
    return _save_file(request, object_id=object_id, file=file)


@unlocked_required
def _save_file(request: UnlockedRequest, object_id: int, file: UUID) -> HttpResponse:
    exchange = exchange_or_404(request, object_id)
    if not opening.is_remembered(request.session, exchange):
        url = reverse("admin:partners_exchange_open", args=[exchange.pk])
        if rescue.may_rescue(request):
            return rescue.page(request, rescue.CLOSED, url)
        return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")
    known = _file_or_404(opening.read(exchange, request.keys), file)
    form = TakeFileForm(request.POST or None, thing=exchange, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            name, data = exchange_exports.take_file(
                exchange=exchange,
                file_id=file,
                keys=request.keys,
                by=request.user,
                **form.cleaned_data,
            )
        except SealBroken:
            form.add_error(None, _("The file does not open: it was altered."))
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _attachment(data, name, "application/octet-stream")
    return ask(
        request,
        exchange,
        form=form,
        title=_("Take %(name)s out of the portal") % {"name": known["name"]},
        text=f"{exchange.handling}. {exchange_reading.limits_with_instrument(exchange)}",
        button=_("Save the file"),
    )


def _file_or_404(opened: Opened, file: UUID) -> dict[str, Any]:
    known = next((one for one in opened.files if one.get("id") == str(file)), None)
    if known is None:
        raise Http404
    return known


def _attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    safe = "".join(
        one if one.isascii() and (one.isalnum() or one in " .-_") else "_" for one in name
    )
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
