"""Keys at the desk: versions, holders, what is due; to read for supervisor and auditor."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import key_admin_views, pins
from portal.desk import DeskAdmin, Verb
from portal.models import DeskKey, SealingKey, User
from portal.permissions import can_add_officer, can_end_desk_key
from portal.sealing import fingerprint


@admin.register(SealingKey)
class SealingKeyAdmin(DeskAdmin):
    """No bytes are shown: a public key is compared by its fingerprint."""

    list_display = ("name", "version", "state", "holders", "rotation_due_at", "retired_at")
    list_filter = ("name", ("retired_at", admin.EmptyFieldListFilter))
    ordering = ("name", "-version")
    fields = ("name", "version", "state", "holders", "fingerprint", *list_display[4:], "created_at")
    readonly_fields = ("state", "holders", "fingerprint", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SealingKey]:
        found: QuerySet[SealingKey] = super().get_queryset(request)
        return found.defer("public", "sealed_index").prefetch_related("wraps__desk_key__user")

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: SealingKey) -> str:
        if row.retired_at:
            return _("ended")
        try:
            believed = pins.current()
        except pins.PinsRefused as error:
            return str(error)
        if row.slot not in believed.slots():
            return _("not pinned yet")
        return _("in use") if believed.of(row.slot).active else _("being moved")

    @admin.display(description=gettext_lazy("held by"))
    def holders(self, row: SealingKey) -> str:
        return ", ".join(sorted(str(wrap.desk_key.user) for wrap in row.wraps.all())) or "–"

    @admin.display(description=gettext_lazy("fingerprint"))
    def fingerprint(self, row: SealingKey) -> str:
        return fingerprint(bytes(row.public))


@admin.register(DeskKey)
class DeskKeyAdmin(DeskAdmin):
    """Fingerprints are not shown here: the officer reads theirs out, and it is typed in."""

    list_display = ("user", "created_at", "confirmed_at", "held", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    ordering = ("-pk",)
    fields = list_display
    readonly_fields = ("held",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeskKey]:
        found: QuerySet[DeskKey] = super().get_queryset(request)
        return found.defer("public", "locked").prefetch_related("wraps__sealing_key")

    @admin.display(description=gettext_lazy("holds"))
    def held(self, key: DeskKey) -> str:
        return ", ".join(sorted(str(wrap.sealing_key) for wrap in key.wraps.all())) or "–"

    def verbs(self, request: HttpRequest, obj: DeskKey) -> list[Verb]:
        by = request.user
        if not isinstance(by, User) or obj.revoked_at is not None:
            return []
        found: list[Verb] = []
        if obj.confirmed_at and can_add_officer(by, obj.user):
            address = reverse("admin:add_officer", args=[obj.user_id])
            found.append({"text": _("Give the keys of the roles"), "url": address, "link": True})
        if can_end_desk_key(by, obj.user):
            address = reverse("admin:portal_deskkey_end", args=[obj.pk])
            found.append(
                {"text": _("End this desk key"), "url": address, "link": True, "secondary": True}
            )
        return found

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/end/",
                self.admin_site.admin_view(key_admin_views.end_desk_key),
                name="portal_deskkey_end",
            )
        ]
