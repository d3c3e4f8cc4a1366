"""Documents: the list of all of a firm's, and the bytes with a record of who got them."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from mou import filed
from mou.actions import papers
from mou.models import Document, Mou
from portal import audit
from portal.models import User
from portal.requests import PersonRequest


class FiledForm(forms.Form):
    """Which agreement, and which kind of file."""

    agreement = forms.ChoiceField(label=gettext_lazy("Agreement"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[
            ("", gettext_lazy("All kinds")),
            *((code, source.label) for code, source in filed.SOURCES.items()),
        ],
    )

    def __init__(self, *args: Any, mous: list[Mou], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - says its type
        if len(mous) < 2:
            del self.fields["agreement"]
            return
        named = [(str(mou.uuid), f"{mou.number}, {mou.organisation.legal_name}") for mou in mous]
        field.choices = [("", gettext_lazy("All agreements")), *named]


def documents(request: PersonRequest) -> HttpResponse:
    """Every file of every agreement of the reader's firms, page by page."""
    if request.user.is_staff:
        return redirect("admin:index")
    mous = list(
        Mou.objects.visible_to(request.user)
        .select_related("organisation")
        .order_by("-pk")[: filed.MOST]
    )
    form = FiledForm(request.GET, mous=mous)
    form.is_valid()
    agreement, kind = (form.cleaned_data.get(name, "") for name in ("agreement", "kind"))
    rows, last = filed.page(
        [mou for mou in mous if agreement in ("", str(mou.uuid))],
        request.user,
        sources=[kind] if kind else filed.SOURCES,
        before=filed.place(request.GET.get("before", "")),
    )
    chosen = {"agreement": agreement, "kind": kind}
    context = {
        "form": form,
        "rows": rows,
        "mous": mous,
        "chosen": any(chosen.values()),
        "first_url": f"?{urlencode(chosen)}" if "before" in request.GET else "",
        "next_url": f"?{urlencode({**chosen, 'before': str(last)})}" if last else "",
    }
    return render(request, "mou/documents.html", context)


def download(request: PersonRequest, uuid: uuids.UUID, number: int, step: str) -> HttpResponse:
    """One document of an agreement that the reader may know of."""
    mou = get_object_or_404(Mou.objects.visible_to(request.user), uuid=uuid)
    return document_response(mou, number, step, by=request.user)


def document_response(mou: Mou, number: int, step: str, *, by: User) -> HttpResponse:
    """The file as an attachment, kept in nobody's shared cache."""
    documents = Document.objects.select_related("version", "version__mou__organisation")
    document = get_object_or_404(documents, version__mou=mou, version__number=number, step=step)
    content = papers.bytes_of(document)
    audit.record(
        "downloaded",
        target=document.version,
        by=by,
        kind="disclosure",
        organisation=mou.organisation,
        step=document.step,
        sha256=document.sha256,
    )
    name = f"{mou.number}-v{number}-{document.step.replace('_', '-')}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
