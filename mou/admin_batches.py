"""Batches of offers at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import batch_admin_views as views
from mou import offer_permissions
from mou.lifecycle import BatchStatus
from mou.models import OfferBatch, Outcome
from portal.desk import DeskAdmin, Verb
from portal.permissions import may_read

may_read("mou.offerbatch", *views.READERS)

COLOURS = {
    BatchStatus.RUNNING: "blue",
    BatchStatus.PAUSED: "orange",
    BatchStatus.FINISHED: "green",
    BatchStatus.STOPPED: "grey",
}


@admin.register(OfferBatch)
class OfferBatchAdmin(DeskAdmin):
    list_display = ("__str__", "state", "created_at", "created_by", "firms", "made")
    list_filter = ("status",)
    list_select_related = ("created_by",)
    ordering = ("-pk",)
    downloadable = True
    fields = ("programme",)
    change_form_template = "admin/mou/offerbatch/batch.html"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, batch: OfferBatch) -> SafeString:
        colour = COLOURS[BatchStatus(batch.status)]
        return format_html(
            '<span class="desk-tag desk-tag--{}">{}</span>', colour, batch.get_status_display()
        )

    @admin.display(description=gettext_lazy("firms"))
    def firms(self, batch: OfferBatch) -> int:
        return batch.total

    @admin.display(description=gettext_lazy("offers made"))
    def made(self, batch: OfferBatch) -> int:
        return batch.counted(Outcome.OFFERED)

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not offer_permissions.can_offer_in_bulk(request.user):  # type: ignore[arg-type]
            return []
        return [{"text": _("Offer in bulk"), "url": reverse(views.CHOOSE), "link": True}]

    def verbs(self, request: HttpRequest, obj: OfferBatch) -> list[Verb]:
        user: Any = request.user
        found: list[Verb] = []
        for verb, text in (("pause", _("Pause")), ("resume", _("Go on")), ("stop", _("Stop"))):
            if offer_permissions.can_lead_batch(user, obj, verb):
                found.append(_verb(obj, text, verb, secondary=verb == "stop"))
        if offer_permissions.can_offer_in_bulk(user):
            found.append(_verb(obj, _("Download the results"), "download", secondary=True))
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages = {"state": views.state, "download": views.download, **views.VERBS}
        return [
            path("choose/", guard(views.choose), name="mou_offerbatch_choose"),
            path("confirm/", guard(views.confirm), name="mou_offerbatch_confirm"),
            *(
                path(f"<int:object_id>/{name}/", guard(view), name=f"mou_offerbatch_{name}")
                for name, view in pages.items()
            ),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is not None and self.has_view_permission(request, batch):
            extra_context = {
                **(extra_context or {}),
                **views.facts(batch, request.GET.get("outcome", "")),
                "colour": COLOURS[BatchStatus(batch.status)],
            }
        return super().change_view(request, object_id, form_url, extra_context)


def _verb(batch: OfferBatch, text: str, verb: str, **style: bool) -> Verb:
    url = reverse(f"admin:mou_offerbatch_{verb}", args=[batch.pk])
    return {"text": text, "url": url, **style}
