"""What the post or the liaison desk does with an enquiry: take on, answer, ask back, hand over."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import enquiry_permissions as permissions
from partners.actions import enquiries as actions
from partners.forms.enquiries import AssignForm, CloseForm, HandOverForm, SayForm, WordsForm
from partners.models import Enquiry, EnquiryFile, Posting
from portal import sent_files
from portal.errors import DomainError, NotAllowed
from portal.models import StaffRole, User
from portal.models.users import UserQuerySet
from portal.requests import PersonRequest
from portal.sent_files import takes_files

PAGE = "admin:partners_enquiry_change"
SAID = {
    "answer": (gettext_lazy("Answer the firm"), gettext_lazy("Send the answer")),
    "ask_back": (gettext_lazy("Ask the firm"), gettext_lazy("Send the question")),
}
HINTS = {
    "answer": gettext_lazy("The firm reads this on its pages."),
    "ask_back": gettext_lazy("The clock rests until the firm has replied."),
}


@takes_files
def answer(request: PersonRequest, object_id: int) -> HttpResponse:
    return _say(request, object_id, "answer", actions.answer)


@takes_files
def ask_back(request: PersonRequest, object_id: int) -> HttpResponse:
    return _say(request, object_id, "ask_back", actions.ask_back)


def assign(request: PersonRequest, object_id: int) -> HttpResponse:
    """Somebody of the liaison desk, or who is posted there."""
    enquiry = _get(request, object_id, "assign")
    form = AssignForm(
        request.POST or None,
        people=people_for(enquiry),
        initial={"to": request.user.pk, "version": enquiry.version},
    )
    title = _("Who takes it on?")
    return _lead(request, enquiry, form, actions.assign, title, _("Assign"))


def hand_over(request: PersonRequest, object_id: int) -> HttpResponse:
    """To the post that can answer."""
    enquiry = _get(request, object_id, "hand_over")
    form = HandOverForm(
        request.POST or None,
        enquiry=enquiry,
        posts=permissions.asked_posts().order_by("city", "pk"),
        initial={"version": enquiry.version},
    )
    title = _("Hand the enquiry to another post")
    return _lead(request, enquiry, form, actions.hand_over, title, _("Hand over"))


def close(request: PersonRequest, object_id: int) -> HttpResponse:
    """With what came of it."""
    enquiry = _get(request, object_id, "close")
    form = CloseForm(request.POST or None, initial={"version": enquiry.version})
    title = _("Close the enquiry")
    return _lead(request, enquiry, form, actions.close, title, _("Close the enquiry"))


def file(request: PersonRequest, object_id: int, file: uuids.UUID) -> HttpResponse:
    """A file of the conversation."""
    enquiry = get_object_or_404(Enquiry.objects.visible_to(request.user), pk=object_id)
    kept = get_object_or_404(EnquiryFile, message__enquiry=enquiry, uuid=file)
    return sent_files.response(kept.path, kept.name)


def people_for(enquiry: Enquiry) -> UserQuerySet:
    """Who may take it on: the liaison desk and whoever is posted there now."""
    posted = Posting.objects.on(timezone.localdate()).filter(post=enquiry.post_id, ended_at=None)
    liaison = User.objects.holding(StaffRole.LIAISON_OFFICER)
    administrators = User.objects.holding(StaffRole.SYSTEM_ADMINISTRATOR)
    found: UserQuerySet = User.objects.filter(
        Q(pk__in=liaison.values("pk")) | Q(pk__in=posted.values("user")),
        is_staff=True,
        is_active=True,
    )
    return found.exclude(pk__in=administrators.values("pk")).order_by("name", "pk")


def _say(
    request: PersonRequest, object_id: int, verb: str, action: Callable[..., Enquiry]
) -> HttpResponse:
    enquiry = _get(request, object_id, verb)
    form = SayForm(
        request.POST or None, request.FILES or None, initial={"version": enquiry.version}
    )
    title, button = SAID[verb]
    return _lead(request, enquiry, form, action, title, button, text=HINTS[verb])


def _lead(
    request: PersonRequest,
    enquiry: Enquiry,
    form: Any,
    action: Callable[..., Enquiry],
    title: Any,
    button: Any,
    text: Any = "",
) -> HttpResponse:
    """A form, one action; refused by a rule, the reason is shown and nothing typed is lost."""
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        if "attached" in told:
            told["sent"] = told.pop("attached")
        try:
            action(enquiry=enquiry, by=request.user, **told)
        except NotAllowed as error:
            raise Http404 from error
        except DomainError as error:
            _come_again(form, request, enquiry, str(error))
        else:
            messages.success(request, _("Done."))
            still = Enquiry.objects.visible_to(request.user).filter(pk=enquiry.pk).exists()
            if still:
                return redirect(PAGE, enquiry.pk)
            return redirect("admin:partners_enquiry_changelist")
    letters = enquiry.messages.prefetch_related("files").select_related("written_by")
    context = {
        **admin.site.each_context(request),
        "title": title,
        "subtitle": enquiry.subject or enquiry.reference,
        "text": text,
        "form": form,
        "button": button,
        "enquiry": enquiry,
        "letters": letters.order_by("pk"),
        "back_url": reverse(PAGE, args=[enquiry.pk]),
        "back_name": enquiry.reference,
    }
    return render(request, "partners/admin/enquiry_verb.html", context)


def _come_again(form: Any, request: PersonRequest, enquiry: Enquiry, sentence: str) -> None:
    """The form as it was typed, beside the letters as they stand now."""
    form.add_error(None, sentence)
    if isinstance(form, WordsForm):
        form.ask_for_files_again()
    form.data = request.POST.copy()
    enquiry.refresh_from_db()
    form.data["version"] = str(enquiry.version)


def _get(request: PersonRequest, object_id: int, verb: str) -> Enquiry:
    """Asked for to be shown, it is there only for who may; a post is refused in words."""
    found = Enquiry.objects.visible_to(request.user).select_related("organisation", "post")
    enquiry = get_object_or_404(found, pk=object_id)
    if request.method != "POST" and not permissions.can_lead(request.user, enquiry, verb):
        raise Http404
    return enquiry
