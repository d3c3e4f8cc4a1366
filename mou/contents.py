"""What a new version says: the template's words with both parties and the signatory filled in."""

from __future__ import annotations

import re
from datetime import date

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import clauses, documents, signing_power
from mou.labels import say
from mou.models import Amendment, AmendmentKind, Basis, Mou, Template
from mou.planned_text import planned
from mou.signing_power import ALONE, SigningPower
from portal.errors import DomainError
from portal.models import Organisation


def content_of(
    mou: Mou,
    template: Template,
    survey_note: str,
    number: int,
    *,
    amendment: Amendment | None = None,
    ends_on: date | None = None,
    power: SigningPower = ALONE,
) -> documents.AgreementContent:
    """All that the document says, in the template's language."""
    administration: documents.Administration = {
        "name": settings.BRAND["administration"],
        "country": settings.BRAND["country"],
    }
    with translation.override(template.language):
        content: documents.AgreementContent = {
            "number": mou.number,
            "version": number,
            "language": template.language,
            "title": template.title,
            "administration": administration,
            "business": _business(mou.organisation),
            "programme": mou.programme.name,
            "basis": _basis(mou, template.language),
            "clauses": [*_clauses(mou, template), *planned(mou, template.language)],
            "survey_note": survey_note,
            "signatories": signing_power.signatories_of(mou, power, template.language),
            "duration": _duration(mou, template, amendment, ends_on),
            "template": f"{template.language}-{template.version}",
            "mark": "" if settings.PRODUCTION else settings.MODE.upper(),
        }
    if prevails := _prevails(template):
        content["prevails"] = prevails
    return content


def _business(organisation: Organisation) -> documents.Business:
    return {
        "legal_name": organisation.legal_name,
        "national_id": organisation.national_id,
        "country": str(organisation.country),
        "eori": organisation.eori,
    }


def _basis(mou: Mou, language: str) -> str:
    if mou.trust_status is not None:
        return say(
            "This agreement rests on the trust status with certificate %(number)s (%(type)s).",
            language,
        ) % {
            "number": mou.trust_status.number,
            "type": say(str(mou.trust_status.get_type_display()), language),
        }
    if mou.basis == Basis.OUTREACH:
        return say("This agreement rests on an invitation by the administration.", language)
    return say("This agreement rests on the firm's own expression of interest.", language)


def _clauses(mou: Mou, template: Template) -> list[documents.ClauseContent]:
    places = _places(mou.organisation.legal_name, mou.programme.name)
    agreed = clauses.accepted_wordings(mou, template.language)
    return [
        {
            "code": clause.code,
            "title": clause.title,
            "paragraphs": clauses.wording_now(agreed[clause.code], mou).split("\n\n")
            if clause.code in agreed and clause.is_negotiable
            else [_fill(paragraph.strip(), places) for paragraph in clause.text.split("\n\n")],
        }
        for clause in template.clauses.order_by("position")
    ]


def _places(business: str, programme: str) -> dict[str, str]:
    return {
        "business": business,
        "administration": settings.BRAND["administration"],
        "programme": programme,
        "hotline": settings.BRAND["hotline"],
        "contact": settings.BRAND["contact"],
        **settings.AGREEMENT_PLACES,
    }


def check_places(text: str) -> None:
    """Refuse a clause with a place that nobody could fill."""
    _fill(text, _places("", ""))


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


def _duration(
    mou: Mou, template: Template, amendment: Amendment | None, ends_on: date | None
) -> str:
    if amendment is not None:
        return _duration_amended(mou, template, amendment, ends_on)
    if template.months is None:
        return say(
            "The agreement is in force from the day it is countersigned and archived, "
            "until either party ends it.",
            template.language,
        )
    return say(
        "The agreement is in force from the day it is countersigned and archived, "
        "for %(months)d months.",
        template.language,
    ) % {"months": template.months}


def _duration_amended(
    mou: Mou, template: Template, amendment: Amendment, ends_on: date | None
) -> str:
    """A new version does not begin the agreement anew: it says since when it is in force."""
    assert mou.in_force_at is not None  # noqa: S101 - only then is there an amendment
    signed = mou.signed
    last = ends_on if amendment.kind == AmendmentKind.RENEWAL else mou.ends_on
    facts = {
        "version": signed.number if signed else 1,
        "since": date_format(timezone.localtime(mou.in_force_at), "j F Y"),
        "last": date_format(last, "j F Y") if last else "",
    }
    if last is None:
        return (
            say(
                "The agreement has been in force since %(since)s. This version takes the place "
                "of version %(version)d on the day it is countersigned and archived, and the "
                "agreement is in force until either party ends it.",
                template.language,
            )
            % facts
        )
    return (
        say(
            "The agreement has been in force since %(since)s. This version takes the place of "
            "version %(version)d on the day it is countersigned and archived, and the last day of "
            "the agreement is %(last)s.",
            template.language,
        )
        % facts
    )


def _prevails(template: Template) -> str:
    """Which text prevails, said in every text that is not authentic itself."""
    authentic = template.programme.authentic_language
    if template.language == authentic:
        return ""
    of = Template.objects.filter(programme=template.programme_id, language=authentic)
    newest = of.current(timezone.localdate()).first()
    if newest is None:
        raise DomainError(
            _("The programme has no text in its authentic language in use now. Add one first.")
        )
    with translation.override("en"):
        name = str(dict(settings.LANGUAGES).get(authentic, authentic))
    return say(
        "Where this text and the standard text in %(authentic)s (version %(version)d) differ, "
        "the standard text in %(authentic)s prevails.",
        template.language,
    ) % {"authentic": say(name, template.language), "version": newest.version}
