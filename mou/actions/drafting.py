"""The text: drafted from a template, proposed to the firm, accepted by both, frozen."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from mou import documents, lifecycle, notifications, permissions
from mou.actions import papers
from mou.lifecycle import VersionStatus
from mou.models import Acceptance, Basis, Mou, MouVersion, Party, Template
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def draft(*, mou: Mou, template: Template, survey_note: str, by: User) -> MouVersion:
    """A caseworker writes a new version from a template; an open draft becomes void.

    `survey_note` says why no survey of flows was made.
    """
    mou = _lock(mou)
    if not permissions.can_draft(by, mou):
        lifecycle.after(lifecycle.MOU, "draft", mou.status)
        raise NotAllowed(_("Only a caseworker can draft an agreement."))
    if mou.signatory is None:
        raise DomainError(
            _("The firm has not named its signatory yet, and the text must name that person.")
        )
    if template.programme_id != mou.programme_id:
        raise DomainError(_("Choose a template of the agreement's own programme."))
    papers.void(mou)
    number = (mou.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    content = _content(mou, template, survey_note, number)
    if lacking := documents.lacking(content):
        raise DomainError(
            _("The document cannot show these characters: %(characters)s Use Latin letters.")
            % {"characters": lacking}
        )
    version = MouVersion.objects.create(
        mou=mou,
        number=number,
        template=template,
        content=content,
        content_hash=documents.content_hash(content),
        drafted_by=by,
        survey_note=survey_note,
    )
    mou.status = lifecycle.after(lifecycle.MOU, "draft", mou.status)
    mou.caseworker = by
    mou.save(update_fields=["status", "caseworker"])
    audit.record(
        "drafted",
        target=version,
        by=by,
        organisation=mou.organisation,
        template=template.pk,
        content=version.content_hash,
    )
    return version


@transaction.atomic
def propose(*, mou: Mou, content_hash: str, by: User) -> MouVersion:
    """A caseworker accepts the draft for the administration and sends it to the firm."""
    mou = _lock(mou)
    if not permissions.can_propose(by, mou):
        lifecycle.after(lifecycle.MOU, "propose", mou.status)
        raise NotAllowed(_("Only a caseworker can send the text to the firm."))
    version = _draft_of(mou, content_hash)
    Acceptance.objects.create(
        version=version,
        party=Party.ADMINISTRATION,
        content_hash=content_hash,
        accepted_by=by,
    )
    mou.status = lifecycle.after(lifecycle.MOU, "propose", mou.status)
    mou.remark = ""
    mou.save(update_fields=["status", "remark"])
    audit.record(
        "proposed", target=version, by=by, organisation=mou.organisation, content=content_hash
    )
    notifications.notify("proposed", mou=mou)
    return version


@transaction.atomic
def return_text(*, mou: Mou, remark: str, by: User) -> Mou:
    """The firm's owner sends the text back and says what should change."""
    mou = _lock(mou)
    if not permissions.can_return(by, mou):
        lifecycle.after(lifecycle.MOU, "return", mou.status)
        raise NotAllowed(_("Only an owner of the firm can send the text back."))
    mou.versions.get(status=VersionStatus.DRAFT).acceptances.all().delete()
    mou.status = lifecycle.after(lifecycle.MOU, "return", mou.status)
    mou.remark = remark
    mou.save(update_fields=["status", "remark"])
    audit.record("returned", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("returned", mou=mou)
    return mou


@transaction.atomic
def agree(*, mou: Mou, content_hash: str, by: User) -> MouVersion:
    """The firm's owner accepts the very text the administration accepted; it is now frozen."""
    mou = _lock(mou)
    if not permissions.can_agree(by, mou):
        lifecycle.after(lifecycle.MOU, "agree", mou.status)
        raise NotAllowed(_("Only an owner of the firm can accept the text."))
    version = _draft_of(mou, content_hash)
    Acceptance.objects.create(
        version=version, party=Party.BUSINESS, content_hash=content_hash, accepted_by=by
    )
    version.status = lifecycle.after(lifecycle.VERSION, "agree", version.status)
    version.save(update_fields=["status"])
    mou.status = lifecycle.after(lifecycle.MOU, "agree", mou.status)
    mou.save(update_fields=["status"])
    audit.record(
        "agreed", target=version, by=by, organisation=mou.organisation, content=content_hash
    )
    outbox.enqueue("mou.seal", key=f"seal:{version.pk}", queue="pdf", version_id=version.pk)
    notifications.notify("agreed", mou=mou)
    return version


@transaction.atomic
def reopen(*, mou: Mou, reason: str, by: User) -> Mou:
    """A caseworker takes an agreed text back for a new draft; signatures on it are void."""
    mou = _lock(mou)
    if not permissions.can_reopen(by, mou):
        lifecycle.after(lifecycle.MOU, "reopen", mou.status)
        if permissions.is_signed_by_both(mou):
            raise DomainError(_("Both parties have signed: the text cannot be taken back."))
        raise NotAllowed(_("Only a caseworker can take an agreed text back."))
    papers.void(mou)
    mou.status = lifecycle.after(lifecycle.MOU, "reopen", mou.status)
    mou.remark = reason
    mou.save(update_fields=["status", "remark"])
    audit.record("reopened", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("reopened", mou=mou)
    return mou


def _lock(mou: Mou) -> Mou:
    return Mou.objects.select_for_update(of=("self",)).get(pk=mou.pk)


def _draft_of(mou: Mou, content_hash: str) -> MouVersion:
    """The open draft, if it still is the text that was read."""
    version = MouVersion.objects.filter(mou=mou, status=VersionStatus.DRAFT).first()
    if version is None:
        raise DomainError(_("There is no draft to accept. Reload the page."))
    if version.content_hash != content_hash:
        raise DomainError(
            _("The text has changed since you opened it. Read the new text and accept that one.")
        )
    if version.content["signatories"]["business"] != _signatory_of(mou):
        raise DomainError(
            _("The text names another signatory than the firm does now. It must be drafted again.")
        )
    return version


def _signatory_of(mou: Mou) -> documents.Signatory:
    """Who signs for the firm, as the text names that person."""
    name = mou.signatory.user.name if mou.signatory is not None else ""
    return {"name": name, "function": mou.signatory_function}


def _content(
    mou: Mou, template: Template, survey_note: str, number: int
) -> documents.AgreementContent:
    """All that the document says, in the template's language."""
    organisation, signatory = mou.organisation, mou.signatory
    assert signatory is not None  # noqa: S101 - draft() has refused otherwise
    administration: documents.Administration = {
        "name": settings.BRAND["administration"],
        "country": settings.BRAND["country"],
    }
    with translation.override(template.language):
        return {
            "number": mou.number,
            "version": number,
            "language": template.language,
            "title": template.title,
            "administration": administration,
            "business": {
                "legal_name": organisation.legal_name,
                "national_id": organisation.national_id,
                "country": str(organisation.country),
                "eori": organisation.eori,
            },
            "programme": mou.programme.name,
            "basis": _basis(mou),
            "clauses": _clauses(mou, template),
            "survey_note": survey_note,
            "signatories": {
                "business": _signatory_of(mou),
                "administration": {"name": "", "function": _("Countersigning officer")},
            },
            "duration": _duration(template),
            "template": f"{template.language}-{template.version}",
            "mark": "" if settings.PRODUCTION else settings.MODE.upper(),
        }


def _basis(mou: Mou) -> str:
    if mou.trust_status is not None:
        return _(
            "This agreement rests on the trust status with certificate %(number)s (%(type)s)."
        ) % {"number": mou.trust_status.number, "type": mou.trust_status.get_type_display()}
    if mou.basis == Basis.OUTREACH:
        return _("This agreement rests on an invitation by the administration.")
    return _("This agreement rests on the firm's own expression of interest.")


def _clauses(mou: Mou, template: Template) -> list[documents.ClauseContent]:
    places = {
        "business": mou.organisation.legal_name,
        "administration": settings.BRAND["administration"],
        "programme": mou.programme.name,
        "hotline": settings.BRAND["hotline"],
        "contact": settings.BRAND["contact"],
        **settings.AGREEMENT_PLACES,
    }
    return [
        {
            "code": clause.code,
            "title": clause.title,
            "paragraphs": [
                _fill(paragraph.strip(), places) for paragraph in clause.text.split("\n\n")
            ],
        }
        for clause in template.clauses.order_by("position")
    ]


def _fill(paragraph: str, places: dict[str, str]) -> str:
    """The paragraph with its named places filled; a place that nobody knows is refused."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in places:
            raise DomainError(
                _("The template has a place {%(name)s} that nothing fills. Correct the template.")
                % {"name": name}
            )
        return str(places[name])

    return re.sub(r"\{(\w+)\}", value, " ".join(paragraph.split()))


def _duration(template: Template) -> str:
    if template.months is None:
        return _(
            "The agreement is in force from the day it is countersigned and archived, "
            "until either party ends it."
        )
    return _(
        "The agreement is in force from the day it is countersigned and archived, "
        "for %(months)d months."
    ) % {"months": template.months}
