"""What officers do to begin a new version of a signed text, and to drop it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mou import permissions
from mou.actions import amendments
from mou.amendment_forms import DropForm, OpenAmendmentForm
from mou.life_admin_views import Asks

VERBS = {
    "open_amendment": Asks(
        permissions.can_open_amendment,
        amendments.open_amendment,
        OpenAmendmentForm,
        _("Begin a new version of the text"),
        _(
            "The agreement stays in force with the text that is signed. The new version is "
            "drafted, agreed and signed like the first, and takes its place when it is archived."
        ),
        _("Begin"),
        _("A new version is begun. Draft its text next."),
    ),
    "drop": Asks(
        permissions.can_drop,
        amendments.drop,
        DropForm,
        _("Drop the new version"),
        _("Its text and the signatures on it become void. The agreement stays as it was signed."),
        _("Drop"),
        _("The new version is dropped. Both sides are told by e-mail."),
    ),
}
