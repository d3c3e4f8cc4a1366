"""Expressions of interest at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import interest_admin_views as views
from mou import permissions
from mou.models import Interest
from portal import reference
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("mou.interest", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)


@admin.register(Interest)
class InterestAdmin(LongListAdmin):
    list_display = ("__str__", "status", "country", "does", "received_at")
    list_filter = ("status",)
    search_fields = ("^firm_name", "^eori", "^email")
    search_help_text = gettext_lazy("Beginning of a firm’s name, its EORI or the address")
    downloadable = True
    fields = (
        ("firm_name", "country"),
        ("national_id", "eori"),
        "does",
        "about",
        ("person", "email", "phone"),
        ("received_at", "language"),
        "status",
        ("decided_at", "decided_by"),
        "refusal",
        ("objected_at", "objection"),
        ("reviewed_at", "reviewed_by"),
        "offer",
        "erased_at",
    )
    readonly_fields = ("does",)

    @admin.display(description=gettext_lazy("what the firm does"))
    def does(self, interest: Interest) -> str:
        return reference.label("actor_role", interest.role)

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {"accept": views.accept, "refuse": views.refuse}
        return [
            path(f"<int:object_id>/{verb}/", guard(view), name=f"mou_interest_{verb}")
            for verb, view in verbs.items()
        ]

    def verbs(self, request: HttpRequest, obj: Interest) -> list[Verb]:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
        found: list[Verb] = []
        if permissions.can_accept_interest(user, obj):
            found.append(_verb(obj, _("Offer an agreement"), "accept"))
        if permissions.can_refuse_interest(user, obj):
            found.append(_verb(obj, _("Refuse"), "refuse", secondary=True))
        if permissions.can_uphold_refusal(user, obj):
            found.append(_verb(obj, _("Uphold the refusal"), "refuse", secondary=True))
        return found


def _verb(interest: Interest, text: str, verb: str, **style: Any) -> Verb:
    url = reverse(f"admin:mou_interest_{verb}", args=[interest.pk])
    return {"text": text, "url": url, "link": True} | style
