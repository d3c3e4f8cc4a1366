"""The text: drafted from a template, proposed to the firm, accepted by both, frozen."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import (
    contents,
    course,
    documents,
    lifecycle,
    notifications,
    permissions,
    signing_power,
    terms,
)
from mou.actions import negotiation, papers, stages, surveys
from mou.actions.locking import lock
from mou.lifecycle import VersionStatus
from mou.models import Acceptance, Amendment, Mou, MouVersion, Party, Template
from mou.signing_power import ALONE, SigningPower
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def draft(
    *,
    mou: Mou,
    template: Template,
    survey_note: str,
    by: User,
    power: SigningPower = ALONE,
) -> MouVersion:
    """A caseworker writes a new version from a template; an open draft becomes void.

    `survey_note` says why no survey of flows was made; without one an accepted survey is needed.
    `power` says how many of the firm's signatories sign.
    """
    mou = lock(mou)
    if not permissions.can_draft(by, mou):
        course.demand(course.course_of(mou), "draft")
        raise NotAllowed(_("Only a caseworker can draft an agreement."))
    _check_basis(mou, template)
    signing_power.check(mou, power)
    survey_note = surveys.note_for_text(mou, survey_note)
    papers.void(mou)
    version = _write(mou, template, survey_note, power, by)
    negotiation.lapse(mou, but=template.language)
    negotiation.write_into(version)
    mou.caseworker = by
    mou.save(update_fields=["caseworker"])
    audit.record(
        "drafted",
        target=version,
        by=by,
        organisation=mou.organisation,
        template=template.pk,
        content=version.content_hash,
    )
    return version


def _write(
    mou: Mou, template: Template, survey_note: str, power: SigningPower, by: User
) -> MouVersion:
    """The next version, and the text one stage on."""
    text = course.course_of(mou)
    amendment = text if isinstance(text, Amendment) else None
    ends_on = terms.renewed_until(amendment, template) if amendment else None
    number = (mou.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    content = contents.content_of(
        mou, template, survey_note, number, amendment=amendment, ends_on=ends_on, power=power
    )
    _check_letters(content)
    version = MouVersion.objects.create(
        mou=mou,
        number=number,
        amendment=amendment,
        template=template,
        content=content,
        content_hash=documents.content_hash(content),
        drafted_by=by,
        survey_note=survey_note,
        signatures_needed=power.needed,
        signing_power=power.rule,
    )
    stages.lead(text, "draft", **({"ends_on": ends_on} if amendment else {}))
    return version


def _check_basis(mou: Mou, template: Template) -> None:
    """What a text of this agreement needs before it can be written."""
    if mou.signatory is None:
        raise DomainError(
            _("The firm has not named its signatory yet, and the text must name that person.")
        )
    if template.programme_id != mou.programme_id:
        raise DomainError(_("Choose a template of the agreement's own programme."))
    if not Template.objects.current(timezone.localdate()).filter(pk=template.pk).exists():
        raise DomainError(_("A newer version of this standard text is in use. Choose that one."))


def _check_letters(content: documents.AgreementContent) -> None:
    if lacking := documents.lacking(content):
        raise DomainError(
            _("The document cannot show these characters: %(characters)s Use Latin letters.")
            % {"characters": lacking}
        )


@transaction.atomic
def propose(*, mou: Mou, content_hash: str, by: User) -> MouVersion:
    """A caseworker accepts the draft for the administration and sends it to the firm."""
    mou = lock(mou)
    if not permissions.can_propose(by, mou):
        course.demand(course.course_of(mou), "propose")
        raise NotAllowed(_("Only a caseworker can send the text to the firm."))
    version = _draft_of(mou, content_hash)
    negotiation.demand_written(mou, version)
    Acceptance.objects.create(
        version=version,
        party=Party.ADMINISTRATION,
        content_hash=content_hash,
        accepted_by=by,
    )
    stages.lead(course.course_of(mou), "propose", remark="")
    audit.record(
        "proposed", target=version, by=by, organisation=mou.organisation, content=content_hash
    )
    notifications.notify("proposed", mou=mou)
    return version


@transaction.atomic
def return_text(*, mou: Mou, remark: str, by: User) -> Mou:
    """The firm's owner sends the text back and says what should change."""
    mou = lock(mou)
    if not permissions.can_return(by, mou):
        course.demand(course.course_of(mou), "return")
        raise NotAllowed(_("Only an owner of the firm can send the text back."))
    mou.versions.get(status=VersionStatus.DRAFT).acceptances.all().delete()
    stages.lead(course.course_of(mou), "return", remark=remark)
    audit.record("returned", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("returned", mou=mou)
    return mou


@transaction.atomic
def agree(*, mou: Mou, content_hash: str, by: User) -> MouVersion:
    """The firm's owner accepts the very text the administration accepted; it is now frozen."""
    mou = lock(mou)
    if not permissions.can_agree(by, mou):
        course.demand(course.course_of(mou), "agree")
        raise NotAllowed(_("Only an owner of the firm can accept the text."))
    version = _draft_of(mou, content_hash)
    negotiation.demand_settled(mou, version)
    Acceptance.objects.create(
        version=version, party=Party.BUSINESS, content_hash=content_hash, accepted_by=by
    )
    version.status = lifecycle.after(lifecycle.VERSION, "agree", version.status)
    version.save(update_fields=["status"])
    stages.lead(course.course_of(mou), "agree")
    surveys.freeze(mou)
    audit.record(
        "agreed", target=version, by=by, organisation=mou.organisation, content=content_hash
    )
    outbox.enqueue("mou.seal", key=f"seal:{version.pk}", queue="pdf", version_id=version.pk)
    notifications.notify("agreed", mou=mou)
    return version


@transaction.atomic
def reopen(*, mou: Mou, reason: str, by: User) -> Mou:
    """A caseworker takes an agreed text back for a new draft; signatures on it are void."""
    mou = lock(mou)
    if not permissions.can_reopen(by, mou):
        course.demand(course.course_of(mou), "reopen")
        if permissions.is_signed_by_both(mou):
            raise DomainError(_("Both parties have signed: the text cannot be taken back."))
        raise NotAllowed(_("Only a caseworker can take an agreed text back."))
    papers.void(mou)
    stages.lead(course.course_of(mou), "reopen", remark=reason)
    audit.record("reopened", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("reopened", mou=mou)
    return mou


def _draft_of(mou: Mou, content_hash: str) -> MouVersion:
    """The open draft, if it still is the text that was read."""
    version = MouVersion.objects.filter(mou=mou, status=VersionStatus.DRAFT).first()
    if version is None:
        raise DomainError(_("There is no draft to accept. Reload the page."))
    if version.content_hash != content_hash:
        raise DomainError(
            _("The text has changed since you opened it. Read the new text and accept that one.")
        )
    if signing_power.firm_in(version.content) != signing_power.firm_of(mou):
        raise DomainError(
            _("The text names another signatory than the firm does now. It must be drafted again.")
        )
    return version
