"""Whose case an agreement is, at the desk."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mou import permissions
from mou.actions import assignment
from mou.agreement_admin_views import PAGE, get_mou, page_of
from mou.desk_pages import form_page
from mou.models import Mou
from portal.errors import shows_domain_errors
from portal.models import StaffRole, User
from portal.permissions import staff_role_required
from portal.requests import PersonRequest


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Whose case it is to be"))

    def __init__(self, *args: object, mou: Mou, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        others = User.objects.holding(StaffRole.CASEWORKER).exclude(pk=mou.caseworker_id)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - as declared above
        field.queryset = others.order_by("name")


@staff_role_required(StaffRole.CASEWORKER)
@require_POST
@shows_domain_errors(PAGE)
def take(request: PersonRequest, object_id: int) -> HttpResponse:
    """Make it one's own case."""
    assignment.take(mou=get_mou(object_id), by=request.user)
    messages.success(request, _("It is your case now."))
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def assign(request: PersonRequest, object_id: int) -> HttpResponse:
    """Give it to another caseworker."""
    mou = get_mou(object_id)
    form = AssignForm(request.POST or None, mou=mou)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        assignment.assign(mou=mou, to=to, by=request.user)
        messages.success(request, _("It is the case of %(name)s now.") % {"name": to})
        return redirect(PAGE, mou.pk)
    if request.method != "POST" and not permissions.can_assign(request.user, mou):
        raise Http404
    return form_page(
        request,
        title=_("Give %(number)s to a caseworker") % {"number": mou.number},
        text=_("Whose case it is gets the messages about it. The person is told by e-mail."),
        form=form,
        button=_("Assign"),
        back_url=page_of(mou),
    )
