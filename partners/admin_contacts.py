"""Contact points at the liaison desk, and who holds them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import hours, keeping_permissions
from partners.actions.keeping import over
from partners.admin_partners import (
    DirectoryAdmin,
    KeeperFilter,
    WaitsFilter,
    due_tag,
    edit_button,
    user_of,
)
from partners.admin_views import editing, verbs
from partners.admin_views.keeping_verbs import CONTACT_VERBS, HOLDER_VERBS
from partners.models import ContactPoint, Holder
from portal.desk import LongListAdmin, Verb
from portal.permissions import may_read

for table in ("contactpoint", "holder"):
    may_read(f"partners.{table}", *keeping_permissions.READERS)


@admin.register(ContactPoint)
class ContactPointAdmin(LongListAdmin, DirectoryAdmin):
    list_display = ("owner_name", "duty", "name", "email", "phone", "checked", "kept_by")
    list_filter = (WaitsFilter, "duty", "visibility", KeeperFilter)
    list_select_related = ("partner", "post", "keeper")
    search_fields = ("^partner__name", "^partner__code", "^post__city", "^name", "^email")
    search_help_text = gettext_lazy(
        "Beginning of a partner’s name or code, a post’s city, a desk or a mailbox"
    )
    downloadable = True
    fields = ("duty",)
    change_form_template = "admin/partners/contactpoint/entry.html"

    @admin.display(description=gettext_lazy("of"))
    def owner_name(self, contact: ContactPoint) -> str:
        return str(contact.owner)

    @admin.display(description=gettext_lazy("standing"))
    def checked(self, contact: ContactPoint) -> SafeString | str:
        return _("ended") if keeping_permissions.is_over(contact) else due_tag(contact)

    @admin.display(description=gettext_lazy("kept by"))
    def kept_by(self, contact: ContactPoint) -> str:
        return contact.keeper.name if contact.keeper is not None else _("nobody by name")

    def verbs(self, request: HttpRequest, obj: ContactPoint) -> list[Verb]:
        user = user_of(request)
        if not keeping_permissions.can_change(user, obj):
            return []
        return [
            edit_button(obj, _("Correct or confirm"), "edit"),
            *verbs.buttons(CONTACT_VERBS, user, obj),
        ]

    def desk_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(editing.change_contact)
        edit = path("<int:object_id>/edit/", view, name="partners_contactpoint_edit")
        return [edit, *verbs.urls(CONTACT_VERBS)]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        contact = self.get_object(request, object_id)
        if contact is not None and self.has_view_permission(request, contact):
            extra_context = {
                **(extra_context or {}),
                "title": f"{contact.owner}: {contact.get_duty_display()}",
                "subtitle": None,
                "entry": contact,
                "hours": hours.write(contact.hours),
                "holders": contact.holders.order_by("-since", "-pk"),
                "may": keeping_permissions.can_change(user_of(request), contact),
                "over": over(contact) if keeping_permissions.is_over(contact) else "",
            }
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(Holder)
class HolderAdmin(LongListAdmin, DirectoryAdmin):
    """The pages of its verbs; the people stand on the page of their contact point."""

    list_display = ("shown_name", "contact_point", "since", "until")
    list_select_related = ("contact_point",)
    fields = ("shown_name", "title", "email", "direct_line", "contact_point", "since", "until")
    readonly_fields = ("shown_name",)

    @admin.display(description=gettext_lazy("name"))
    def shown_name(self, holder: Holder) -> str:
        return holder.name or _("Erased")

    def verbs(self, request: HttpRequest, obj: Holder) -> list[Verb]:
        return verbs.buttons(HOLDER_VERBS, user_of(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(HOLDER_VERBS)
