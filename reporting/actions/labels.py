"""The list of labels, kept by supervisors."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import AlreadyDone, NotAllowed
from portal.models import User
from reporting import permissions
from reporting.models import Label


@transaction.atomic
def add_label(*, by: User, code: str, name: str) -> Label:
    if not permissions.can_keep_labels(by):
        raise NotAllowed(_("Only a supervisor keeps the list of labels."))
    try:
        with transaction.atomic():
            label = Label.objects.create(code=code, name=name)
    except IntegrityError as error:
        raise AlreadyDone(_("There is a label with this code already.")) from error
    audit.record("label_added", target=label, by=by, code=code)
    return label


@transaction.atomic
def retire_label(*, label: Label, by: User) -> Label:
    """Nobody puts it on a report any more; where it is, it stays."""
    label = Label.objects.select_for_update(of=("self",)).get(pk=label.pk)
    if not permissions.can_keep_labels(by):
        raise NotAllowed(_("Only a supervisor keeps the list of labels."))
    if label.retired_at is not None:
        raise AlreadyDone(_("This label was retired before."))
    label.retired_at = timezone.now()
    label.save(update_fields=["retired_at"])
    audit.record("label_retired", target=label, by=by, code=label.code)
    return label
