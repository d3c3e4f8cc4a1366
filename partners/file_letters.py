"""The e-mail to whoever sent a file with entries: that it was applied or not, and nothing of it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import DirectoryImport, ImportState
from portal.letters import Letter, when
from portal.models import User


def file_finished(batch_id: int, to_id: int) -> Letter | None:
    batch = DirectoryImport.objects.get(pk=batch_id)
    to = User.objects.filter(pk=to_id, is_active=True, is_staff=True).first()
    if to is None or batch.state not in (ImportState.APPLIED, ImportState.REFUSED):
        return None
    sent = {"when": when(batch.uploaded_at)}
    if batch.state == ImportState.APPLIED:
        subject = _("Your file with entries is applied")
        sentences = [_("The file that you sent on %(when)s is applied, all of it.") % sent]
    else:
        subject = _("Your file with entries could not be applied")
        sentences = [
            _("The file that you sent on %(when)s could not be applied. Nothing was changed.")
            % sent,
            _("Its page says which lines and why. There you can have it compared anew."),
        ]
    page = reverse("admin:partners_directoryimport_change", args=[batch.pk])
    return Letter(
        to=to,
        subject=subject,
        sentences=sentences,
        url=settings.OFFICE_URL + page,
        button=_("Open its page"),
    )
