"""All files of a reader's agreements, the newest first: of their texts, and sent by the firm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.dossier import SHOWN_STEPS
from mou.lifecycle import VersionStatus
from mou.models import AnswerFile, Document, MeasureFile, Mou, Step
from mou.questionnaire import NEWEST, questionnaire
from portal.models import User
from portal.models.organisations import MembershipRole

PAGE = 25
# Whoever has more agreements than this opens one and reads its own page.
MOST = 500
COLOURS = {
    VersionStatus.SIGNED: "green",
    VersionStatus.SIGNING: "yellow",
    VersionStatus.SEALING: "yellow",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """Where a file stands in the list: by time, then by source, then by number."""

    at: datetime
    source: str
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.source}-{self.pk}"


@dataclass(frozen=True)
class Filed:
    """One file: what it is, of which agreement, how it stands, where it is downloaded."""

    place: Place
    mou: Mou
    title: str
    about: str
    kind: str
    size: int
    url: str
    state: str = ""
    colour: str = "grey"


@dataclass(frozen=True)
class Source:
    """One table of files."""

    label: Any
    rows: Callable[[list[Mou], User], QuerySet[Any]]
    moment: str
    filed: Callable[[Any, Mou], Filed]
    mou_id: Callable[[Any], int]


def _documents(mous: list[Mou], reader: User) -> QuerySet[Document]:
    found = Document.objects.filter(version__mou__in=mous, step__in=[*SHOWN_STEPS, Step.EVIDENCE])
    return found.select_related("version")


def _document(one: Document, mou: Mou) -> Filed:
    status = VersionStatus(one.version.status)
    return Filed(
        Place(one.created_at, "document", one.pk),
        mou,
        one.get_step_display(),
        _("Version %(number)d of the text") % {"number": one.version.number},
        "PDF",
        one.size,
        reverse("mou:download", args=[mou.uuid, one.version.number, one.step]),
        str(status.label),
        COLOURS.get(status, "grey"),
    )


def _answer_files(mous: list[Mou], reader: User) -> QuerySet[AnswerFile]:
    """Beside restricted answers only of firms that the reader may bind."""
    restricted = Q()
    for version in range(1, NEWEST + 1):  # as asked then: an agreement keeps its questions
        asked = questionnaire(version).questions.values()
        codes = [question.code for question in asked if question.restricted]
        restricted |= Q(survey__version=version, code__in=codes)
    binding = reader.memberships.live().exclude(role=MembershipRole.MEMBER)
    open_to_all = ~restricted | Q(survey__mou__organisation__in=binding.values("organisation_id"))
    return AnswerFile.objects.filter(open_to_all, survey__mou__in=mous).select_related("survey")


def _answer_file(one: AnswerFile, mou: Mou) -> Filed:
    question = questionnaire(one.survey.version).questions.get(one.code)
    return Filed(
        Place(one.added_at, "survey", one.pk),
        mou,
        one.name,
        _("Sent with the survey: %(question)s")
        % {"question": _(question.text) if question else one.code},
        one.kind.upper(),
        one.size,
        reverse("mou:survey_file", args=[mou.uuid, one.uuid]),
    )


def _proofs(mous: list[Mou], reader: User) -> QuerySet[MeasureFile]:
    return MeasureFile.objects.filter(measure__mou__in=mous).select_related("measure")


def _proof(one: MeasureFile, mou: Mou) -> Filed:
    return Filed(
        Place(one.added_at, "proof", one.pk),
        mou,
        one.name,
        _("Proof of a measure: %(measure)s") % {"measure": Truncator(one.measure.text).chars(80)},
        one.kind.upper(),
        one.size,
        reverse("mou:measure_file", args=[mou.uuid, one.measure.uuid, one.uuid]),
    )


SOURCES: dict[str, Source] = {
    "document": Source(
        gettext_lazy("Texts and their evidence"),
        _documents,
        "created_at",
        _document,
        lambda one: one.version.mou_id,
    ),
    "survey": Source(
        gettext_lazy("Files sent with the survey"),
        _answer_files,
        "added_at",
        _answer_file,
        lambda one: one.survey.mou_id,
    ),
    "proof": Source(
        gettext_lazy("Files that prove measures"),
        _proofs,
        "added_at",
        _proof,
        lambda one: one.measure.mou_id,
    ),
}


def page(
    mous: list[Mou], reader: User, *, sources: Iterable[str], before: Place | None
) -> tuple[list[Filed], Place | None]:
    """The files that follow this place, and where the next page goes on: one query a source."""
    known = {mou.pk: mou for mou in mous}
    found: list[Filed] = []
    for code in sources:
        source = SOURCES[code]
        rows = source.rows(mous, reader)
        if before is not None:
            rows = rows.filter(_follows(source.moment, code, before))
        rows = rows.order_by(f"-{source.moment}", "-pk")[: PAGE + 1]
        found += [source.filed(row, known[source.mou_id(row)]) for row in rows]
    found.sort(key=lambda one: (one.place.at, one.place.source, one.place.pk), reverse=True)
    return found[:PAGE], found[PAGE - 1].place if len(found) > PAGE else None


def _follows(moment: str, source: str, place: Place) -> Q:
    earlier = Q(**{f"{moment}__lt": place.at})
    if source > place.source:
        return earlier
    same = Q(**{moment: place.at})
    return earlier | (same & Q(pk__lt=place.pk) if source == place.source else same)


def place(typed: str) -> Place | None:
    """What an address names as the last place seen; nothing where it names none."""
    moment, _dash, rest = typed.partition("-")
    source, _dash, pk = rest.partition("-")
    if source not in SOURCES or not (_is_number(moment) and _is_number(pk)):
        return None
    return Place(_EPOCH + int(moment) * _MICROSECOND, source, int(pk))


def _is_number(typed: str) -> bool:
    """Small enough for a moment and for a key."""
    return typed.isascii() and typed.isdigit() and len(typed) < 18
