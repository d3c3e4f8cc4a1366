"""Member firms of an association at the desk: named for it, invited, refused."""

from __future__ import annotations

import uuid as uuids

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import cover_permissions as permissions
from mou.actions import covers as actions
from mou.agreement_admin_views import PAGE, READERS, get_mou, page_of
from mou.attempts import attempt
from mou.cover_forms import InviteMemberForm, MemberForm, RefuseMemberForm
from mou.desk_pages import form_page
from mou.models import Cover, Mou
from mou.views.members import rows_of
from portal.errors import shows_domain_errors
from portal.models import Membership, StaffRole
from portal.models.organisations import MembershipRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

LIST = "admin:mou_mou_members"


def _association(object_id: int) -> Mou:
    mou = get_mou(object_id)
    if not permissions.covers_members(mou):
        raise Http404
    return mou


@staff_role_required(*READERS)
def members(request: PersonRequest, object_id: int) -> HttpResponse:
    """Who is covered, and what an officer may do about each; in a fixed number of queries."""
    mou, user = _association(object_id), request.user
    rows = rows_of(mou)
    owners = Membership.objects.live().filter(role=MembershipRole.OWNER)
    owned = set(
        owners.filter(organisation__in=[row.organisation_id for row in rows]).values_list(
            "organisation_id", flat=True
        )
    )
    leads = user.has_role(StaffRole.CASEWORKER)
    context = {
        **admin.site.each_context(request),
        "title": _("Member firms of %(firm)s") % {"firm": mou.organisation},
        "mou": mou,
        "rows": [
            {
                "is": row,
                "may_invite": leads and row.status == "named" and row.organisation_id not in owned,
                "may_refuse": permissions.can_refuse(user, row),
            }
            for row in rows
        ],
        "may_name": permissions.can_name_member(user, mou),
        "back_url": page_of(mou),
    }
    return render(request, "admin/mou/mou/members.html", context)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def name_member(request: PersonRequest, object_id: int) -> HttpResponse:
    mou = _association(object_id)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and attempt(form, actions.name_member, mou=mou, by=request.user):
        messages.success(request, _("The firm is named. It is covered once it has confirmed."))
        return redirect(LIST, mou.pk)
    if request.method != "POST" and not permissions.can_name_member(request.user, mou):
        raise Http404
    return form_page(
        request,
        title=_("Name a member firm"),
        text=_("The firm is asked, and is covered once its owner has confirmed."),
        form=form,
        button=_("Name the firm"),
        back_url=reverse(LIST, args=[mou.pk]),
        back_name=_("Member firms"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def refuse_member(request: PersonRequest, object_id: int, cover: uuids.UUID) -> HttpResponse:
    """The firm is not covered, and why."""
    mou, found = _one(object_id, cover)
    form = RefuseMemberForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, actions.refuse_member, cover=found, by=request.user
    ):
        messages.success(request, _("Both are told by e-mail."))
        return redirect(LIST, mou.pk)
    if request.method != "POST" and not permissions.can_refuse(request.user, found):
        raise Http404
    title = _("Refuse to cover %(firm)s") % {"firm": found.organisation}
    return form_page(
        request,
        title=title,
        form=form,
        button=_("Refuse"),
        back_url=reverse(LIST, args=[mou.pk]),
        back_name=_("Member firms"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def invite_member(request: PersonRequest, object_id: int, cover: uuids.UUID) -> HttpResponse:
    """A way in for a firm that nobody owns here, to an address that was checked."""
    mou, found = _one(object_id, cover)
    form = InviteMemberForm(request.POST or None, initial={"email": found.contact_email})
    if request.method == "POST" and attempt(
        form, actions.invite_member, cover=found, by=request.user
    ):
        messages.success(request, _("The invitation goes out now."))
        return redirect(LIST, mou.pk)
    if request.method != "POST" and not permissions.can_invite(request.user, found):
        raise Http404
    return form_page(
        request,
        title=_("Invite %(firm)s") % {"firm": found.organisation},
        text=_(
            "The association gave this address. Check by another way that it belongs to the firm "
            "and that whoever reads it may decide for the firm."
        ),
        form=form,
        button=_("Invite"),
        back_url=reverse(LIST, args=[mou.pk]),
        back_name=_("Member firms"),
    )


def _one(object_id: int, uuid: uuids.UUID) -> tuple[Mou, Cover]:
    mou = _association(object_id)
    found = get_object_or_404(Cover.objects.select_related("organisation"), mou=mou, uuid=uuid)
    found.mou = mou
    return mou, found
