"""The desk's tables of people and organisations: to read, with verbs as buttons."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import admin_keys, admin_records, admin_registers, admin_verbs, permissions  # noqa: F401
from portal.desk import DeskAdmin, Verb
from portal.models import (
    Invitation,
    Membership,
    Organisation,
    RecoveryRequest,
    RoleGrant,
    User,
)


def _page(text: str, name: str, *args: Any) -> Verb:
    return {"text": text, "url": reverse(f"admin:portal_{name}", args=args), "link": True}


def _button(text: str, name: str, *args: Any, danger: bool = False) -> Verb:
    return {"text": text, "url": reverse(f"admin:portal_{name}", args=args), "danger": danger}


@admin.register(User)
class UserAdmin(DeskAdmin):
    list_display = ("name", "email", "is_staff", "is_active", "second_factor", "roles_held")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "name")
    ordering = ("name", "pk")
    fields = (
        "name",
        "email",
        "language",
        "is_staff",
        "is_active",
        "created_at",
        "last_login",
        "second_factor",
        "roles_held",
    )
    readonly_fields = ("created_at", "second_factor", "roles_held")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        held = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(
            type=Authenticator.Type.RECOVERY_CODES
        )
        found: QuerySet[User] = super().get_queryset(request)
        return found.annotate(has_factor=Exists(held)).prefetch_related("grants")

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, person: User) -> bool:
        return bool(person.has_factor)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("roles"))
    def roles_held(self, person: User) -> SafeString | str:
        live = [grant for grant in person.grants.all() if grant.revoked_at is None]
        pairs = (
            (reverse("admin:portal_rolegrant_change", args=[grant.pk]), grant.get_role_display())
            for grant in live
        )
        return format_html_join(", ", '<a href="{}">{}</a>', pairs) or "–"

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not permissions.can_add_staff(request.user):  # type: ignore[arg-type]
            return []
        return [_page(_("Add a member of staff"), "user_add_staff")]

    def verbs(self, request: HttpRequest, obj: User) -> list[Verb]:
        by, found = request.user, []
        if permissions.can_grant_role(by, obj):  # type: ignore[arg-type]
            found.append(_page(_("Grant a role"), "user_grant_role", obj.pk))
        if permissions.can_close_account(by, obj):  # type: ignore[arg-type]
            if obj.is_active:
                found.append(
                    _button(_("Close the account"), "user_close_account", obj.pk, danger=True)
                )
            else:
                found.append(_button(_("Open the account again"), "user_reopen_account", obj.pk))
        return found

    def desk_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("add-staff/", view(admin_verbs.add_staff), name="portal_user_add_staff"),
            path(
                "<int:object_id>/grant-role/",
                view(admin_verbs.grant_role),
                name="portal_user_grant_role",
            ),
            path(
                "<int:object_id>/close-account/",
                view(admin_verbs.close_account),
                name="portal_user_close_account",
            ),
            path(
                "<int:object_id>/reopen-account/",
                view(admin_verbs.reopen_account),
                name="portal_user_reopen_account",
            ),
        ]


@admin.register(RoleGrant)
class RoleGrantAdmin(DeskAdmin):
    list_display = ("user", "role", "granted_at", "granted_by", "revoked_at", "revoked_by")
    list_filter = ("role", ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "granted_by", "revoked_by")
    search_fields = ("user__email", "user__name")
    ordering = ("-granted_at", "-pk")

    def verbs(self, request: HttpRequest, obj: RoleGrant) -> list[Verb]:
        if obj.revoked_at is not None or not permissions.can_revoke_role(request.user, obj):  # type: ignore[arg-type]
            return []
        return [_button(_("Revoke this role"), "rolegrant_revoke_role", obj.pk, danger=True)]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/revoke-role/",
                self.admin_site.admin_view(admin_verbs.revoke_role),
                name="portal_rolegrant_revoke_role",
            )
        ]


@admin.register(Organisation)
class OrganisationAdmin(DeskAdmin):
    list_display = ("legal_name", "country", "national_id", "eori", "created_at")
    search_fields = ("legal_name", "national_id", "eori")
    ordering = ("legal_name", "pk")
    readonly_fields = ("uuid", "created_at", "people")
    fields = (
        "legal_name",
        "country",
        "national_id",
        "eori",
        "roles",
        "language",
        "uuid",
        "created_at",
        "people",
    )

    @admin.display(description=gettext_lazy("people"))
    def people(self, firm: Organisation) -> SafeString | str:
        members = firm.memberships.live().select_related("user")
        lines = (
            (reverse("admin:portal_membership_change", args=[m.pk]), m.user, m.get_role_display())
            for m in members
        )
        return format_html_join(", ", '<a href="{}">{}</a> ({})', lines) or "–"

    def verbs(self, request: HttpRequest, obj: Organisation) -> list[Verb]:
        if not permissions.can_invite(request.user, obj):  # type: ignore[arg-type]
            return []
        return [_page(_("Invite somebody"), "organisation_invite", obj.pk)]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/invite/",
                self.admin_site.admin_view(admin_verbs.invite),
                name="portal_organisation_invite",
            )
        ]


@admin.register(Membership)
class MembershipAdmin(DeskAdmin):
    list_display = ("user", "organisation", "role", "joined_at", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "organisation__legal_name")
    ordering = ("-joined_at", "-pk")

    def verbs(self, request: HttpRequest, obj: Membership) -> list[Verb]:
        if obj.ended_at is not None or not permissions.can_end_membership(request.user, obj):  # type: ignore[arg-type]
            return []
        return [_button(_("End the membership"), "membership_end_membership", obj.pk, danger=True)]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/end-membership/",
                self.admin_site.admin_view(admin_verbs.end_membership),
                name="portal_membership_end_membership",
            )
        ]


@admin.register(Invitation)
class InvitationAdmin(DeskAdmin):
    list_display = ("email", "organisation", "role", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("organisation",)
    search_fields = ("email", "organisation__legal_name")
    ordering = ("-created_at", "-pk")
    readonly_fields = ("uuid",)

    def verbs(self, request: HttpRequest, obj: Invitation) -> list[Verb]:
        if not obj.is_open or not permissions.can_revoke_invitation(request.user, obj):  # type: ignore[arg-type]
            return []
        return [_button(_("Take it back"), "invitation_revoke_invitation", obj.pk, danger=True)]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/revoke-invitation/",
                self.admin_site.admin_view(admin_verbs.revoke_invitation),
                name="portal_invitation_revoke_invitation",
            )
        ]


@admin.register(RecoveryRequest)
class RecoveryRequestAdmin(DeskAdmin):
    list_display = (
        "user",
        "cause",
        "requested_at",
        "first_approved_at",
        "second_approved_at",
        "used_at",
        "refused_at",
    )
    list_select_related = ("user",)
    ordering = ("-requested_at", "-pk")
    exclude = ("code_hash",)
    readonly_fields = ("uuid",)

    def verbs(self, request: HttpRequest, obj: RecoveryRequest) -> list[Verb]:
        by, found = request.user, []
        if permissions.can_approve_recovery(by, obj):  # type: ignore[arg-type]
            found.append(_page(_("Check and approve"), "recoveryrequest_approve", obj.pk))
        if permissions.can_refuse_recovery(by, obj):  # type: ignore[arg-type]
            found.append(_button(_("Refuse"), "recoveryrequest_refuse", obj.pk, danger=True))
        return found

    def desk_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/approve/",
                view(admin_verbs.approve_recovery),
                name="portal_recoveryrequest_approve",
            ),
            path(
                "<int:object_id>/refuse/",
                view(admin_verbs.refuse_recovery),
                name="portal_recoveryrequest_refuse",
            ),
        ]
