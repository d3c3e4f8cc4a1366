"""What the liaison desk does with posts and postings: their verbs, and the timeline over all."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import post_permissions as permissions
from partners.actions import postings, posts
from partners.admin_views.verbs import Verb
from partners.forms import postings as people_forms
from partners.forms import posts as forms
from partners.keeping_permissions import can_read_directory
from partners.models import Post, Posting
from partners.post_timeline import draw
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

READERS = (StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)

POST_VERBS = [
    Verb(
        Post,
        "open",
        text=gettext_lazy("Open a post"),
        may=permissions.can_open_post,
        act=posts.open_post,
        done=gettext_lazy("The post is open, and vacant until somebody is posted there."),
        form=forms.OpenPostForm,
        adds=True,
    ),
    Verb(
        Post,
        "start_posting",
        text=gettext_lazy("Post somebody there"),
        may=permissions.can_start_posting,
        act=postings.start_posting,
        done=gettext_lazy("The posting is recorded."),
        form=people_forms.PostingForm,
        secondary=True,
        argument="post",
    ),
    Verb(
        Post,
        "cover",
        text=gettext_lazy("Cover a country"),
        may=permissions.can_cover,
        act=posts.cover,
        done=gettext_lazy("The post covers one more country."),
        form=forms.CoverForm,
        secondary=True,
        argument="post",
    ),
    Verb(
        Post,
        "end_coverage",
        text=gettext_lazy("End coverage"),
        title=gettext_lazy("End coverage of a country"),
        may=permissions.can_end_coverage,
        act=posts.end_coverage,
        done=gettext_lazy("The post covers one country less."),
        form=forms.EndCoverageForm,
        secondary=True,
        argument="post",
    ),
    Verb(
        Post,
        "suspend",
        text=gettext_lazy("Suspend"),
        may=permissions.can_suspend_post,
        act=posts.suspend_post,
        done=gettext_lazy("The post is suspended: the public page says that it does not answer."),
        secondary=True,
        argument="post",
    ),
    Verb(
        Post,
        "resume",
        text=gettext_lazy("Resume"),
        may=permissions.can_resume_post,
        act=posts.resume_post,
        done=gettext_lazy("The post works again."),
        argument="post",
    ),
    Verb(
        Post,
        "close",
        text=gettext_lazy("Close the post"),
        lead=gettext_lazy(
            "It covers no country any more and is gone from the public pages. It can be opened "
            "again later, and then covers its host country."
        ),
        form=forms.ConfirmForm,
        secondary=True,
        may=permissions.can_close_post,
        act=posts.close_post,
        done=gettext_lazy("The post is closed and covers no country any more."),
        argument="post",
    ),
    Verb(
        Post,
        "reopen",
        text=gettext_lazy("Open again"),
        may=permissions.can_reopen_post,
        act=posts.reopen_post,
        done=gettext_lazy("The post is open again and covers its host country."),
        argument="post",
    ),
]
POSTING_VERBS = [
    Verb(
        Posting,
        "change_posting",
        text=gettext_lazy("Change"),
        title=gettext_lazy("Change the posting"),
        may=permissions.can_change_posting,
        act=postings.change_posting,
        done=gettext_lazy("The posting is changed."),
        form=people_forms.ChangePostingForm,
        secondary=True,
        argument="posting",
    ),
    Verb(
        Posting,
        "accredit",
        text=gettext_lazy("Record an accreditation"),
        may=permissions.can_accredit,
        act=postings.accredit,
        done=gettext_lazy("The accreditation is recorded."),
        form=people_forms.AccreditForm,
        secondary=True,
        argument="posting",
    ),
    Verb(
        Posting,
        "name_successor",
        text=gettext_lazy("Name the successor"),
        may=permissions.can_name_successor,
        act=postings.name_successor,
        done=gettext_lazy("The successor is named."),
        form=people_forms.SuccessorForm,
        secondary=True,
        argument="posting",
    ),
    Verb(
        Posting,
        "hand_over",
        text=gettext_lazy("Hand over"),
        may=permissions.can_hand_over,
        act=postings.hand_over,
        done=gettext_lazy("Open work is with the successor, or with the post where there is none."),
        secondary=True,
        argument="posting",
    ),
    Verb(
        Posting,
        "end_posting",
        text=gettext_lazy("End the posting"),
        lead=gettext_lazy(
            "Name, address and telephone of the person are erased at once and cannot be brought "
            "back. The post and its mailbox stay. What is still open goes to the successor."
        ),
        may=permissions.can_end_posting,
        act=postings.end_posting,
        done=gettext_lazy("The posting is over, and names nobody any more."),
        form=people_forms.EndPostingForm,
        argument="posting",
    ),
    Verb(
        Posting,
        "call_off_posting",
        text=gettext_lazy("Call off"),
        title=gettext_lazy("Call the posting off"),
        lead=gettext_lazy(
            "Name, address and telephone of the person are erased at once and cannot be brought "
            "back. The posting counts nowhere any more."
        ),
        form=forms.ConfirmForm,
        secondary=True,
        may=permissions.can_call_off_posting,
        act=postings.call_off_posting,
        done=gettext_lazy("The posting is called off, and names nobody any more."),
        argument="posting",
    ),
]


@staff_role_required(*READERS)
def timeline(request: PersonRequest, object_id: int | None = None) -> HttpResponse:
    """Who is posted when: at one post, or at all that are open."""
    if not can_read_directory(request.user):
        raise Http404
    post = get_object_or_404(Post, pk=object_id) if object_id is not None else None
    asked = Post.objects.filter(pk=post.pk) if post is not None else Post.objects.standing()
    context = {
        **admin.site.each_context(request),
        "title": _("Timeline of postings"),
        "subtitle": str(post) if post is not None else None,
        "post": post,
        "drawn": draw(asked),
    }
    return render(request, "partners/admin/timeline.html", context)
