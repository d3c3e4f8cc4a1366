"""The people beside the first one who may sign for the firm: named and left out by its owner."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mou import course, notifications, permissions
from mou.actions import stages
from mou.actions.locking import lock
from mou.models import FurtherSignatory, Mou
from mou.seats import may_bind, named
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import Membership, User

# A text that names more people than this is no use to anybody.
MOST_NAMED = 10


@transaction.atomic
def add_signatory(*, mou: Mou, signatory: Membership, function: str, by: User) -> FurtherSignatory:
    """One more owner or signatory of the firm may sign; how many have to, the text will say."""
    mou = _lead(mou, by)
    people = [membership.pk for membership, _function in named(mou)]
    if not people:
        raise DomainError(_("Name the first signatory before you name further ones."))
    signatory.refresh_from_db(fields=["role", "ended_at"])
    if signatory.organisation_id != mou.organisation_id or not may_bind(signatory):
        raise DomainError(
            _("Choose a person who is an owner or a signatory of the firm, or invite one.")
        )
    if signatory.pk in people:
        raise DomainError(_("%(name)s is named already.") % {"name": signatory.user})
    if len(people) >= MOST_NAMED:
        raise DomainError(
            _("An agreement names at most %(most)d signatories.") % {"most": MOST_NAMED}
        )
    made = FurtherSignatory.objects.create(mou=mou, membership=signatory, function=function)
    audit.record(
        "signatory_added",
        target=mou,
        by=by,
        organisation=mou.organisation,
        signatory=signatory.user_id,
    )
    notifications.notify("signatory_named", mou=mou)
    return made


@transaction.atomic
def remove_signatory(*, further: FurtherSignatory, by: User) -> Mou:
    """This person is not to sign after all; a draft that names them has to be written anew."""
    mou = _lead(further.mou, by)
    removed, _each = mou.further_signatories.filter(pk=further.pk).delete()
    if removed:
        audit.record(
            "signatory_removed",
            target=mou,
            by=by,
            organisation=mou.organisation,
            signatory=further.membership.user_id,
        )
    return mou


def _lead(mou: Mou, by: User) -> Mou:
    mou = lock(mou)
    if not permissions.can_name_signatory(by, mou):
        course.demand(course.course_of(mou), "name_signatory")
        raise NotAllowed(_("Only an owner of the firm can name its signatories."))
    stages.lead(course.course_of(mou), "name_signatory")
    return mou
