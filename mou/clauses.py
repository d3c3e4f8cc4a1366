"""The clauses of a text in negotiation: their wording, state, proposals and thread."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mou import differences
from mou.lifecycle import ProposalStatus, VersionStatus
from mou.models import Clause, ClauseComment, ClauseProposal, Mou, MouVersion, Party
from mou.versions import readable
from portal.models import User

COLOURS = {
    ProposalStatus.OPEN: "yellow",
    ProposalStatus.ACCEPTED: "green",
    ProposalStatus.REFUSED: "red",
    ProposalStatus.COUNTERED: "purple",
}


def text_of(clause: Mapping[str, Any]) -> str:
    """The wording of a clause as one text, an empty line between paragraphs."""
    return "\n\n".join(clause["paragraphs"])


def clean(wording: str) -> str:
    """A typed wording as a text keeps it: paragraphs parted by one empty line, single spaces."""
    blocks = wording.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    lines = [" ".join(block.split()) for block in blocks]
    return "\n\n".join(line for line in lines if line)


def whole(title: str, text: str, *, is_negotiable: bool) -> str:
    """All of a clause that a revision can change, as one text to compare."""
    last = _("Firms may propose another wording.") if is_negotiable else _("Not negotiable.")
    return f"{title}\n\n{clean(text)}\n\n{last}"


def mark_of(wording: str) -> str:
    """What names a wording in a form, so that a change in the meantime is noticed."""
    return hashlib.sha256(wording.encode()).hexdigest()


def find(version: MouVersion, code: str) -> dict[str, Any] | None:
    """The clause of this code in a version's text."""
    return next((one for one in version.content["clauses"] if one["code"] == code), None)


def is_negotiable(version: MouVersion, code: str) -> bool:
    """Whether this clause may be worded otherwise than the template does."""
    return code in _codes(version, is_negotiable=True)


def accepted_wordings(mou: Mou, language: str) -> dict[str, ClauseProposal]:
    """What both sides want each clause to say in this language: the newest acceptance of each."""
    found = ClauseProposal.objects.accepted().filter(mou=mou, language=language)
    return {one.code: one for one in found.select_related("version")}


def wording_now(proposal: ClauseProposal, mou: Mou) -> str:
    """The accepted wording; a firm that is called otherwise by now is named as it is."""
    before, now = proposal.version.content["business"]["legal_name"], mou.organisation.legal_name
    # The new name first, so that an old name which begins it is not found inside it.
    names = "|".join(re.escape(name) for name in (now, before))
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda _found: now, proposal.wording)


def unwritten(mou: Mou, version: MouVersion) -> dict[str, str]:
    """Code and title of the clauses whose accepted wording this version does not say.

    A clause that its template has fixed meanwhile is not among them.
    """
    found = {}
    agreed = accepted_wordings(mou, version.content.get("language", ""))
    fixed = _codes(version, is_negotiable=False) if agreed else set()
    for code, proposal in agreed.items():
        clause = find(version, code)
        if clause is None or code in fixed:
            continue
        if text_of(clause) != wording_now(proposal, mou):
            found[code] = clause["title"]
    return found


def left_out(mou: Mou, language: str) -> list[LeftOut]:
    """What both sides agreed in another language and a text in this one does not say."""
    agreed = ClauseProposal.objects.accepted().filter(mou=mou).select_related("version")
    here = {one.code for one in agreed if one.language == language}
    found = {
        (one.language, one.code): LeftOut(
            one.code, (find(one.version, one.code) or {"title": one.code})["title"], one.language
        )
        for one in agreed
        if one.language != language and one.code not in here
    }
    return sorted(found.values(), key=lambda one: (one.language, one.code))


def _codes(version: MouVersion, **fields: bool) -> set[str]:
    """Codes of such clauses in the template of this version."""
    of = Clause.objects.filter(template=version.template_id, **fields)
    return set(of.values_list("code", flat=True))


def shown_version(mou: Mou, reader: User) -> MouVersion | None:
    """The newest text that this reader may see; a draft first, whatever was signed before."""
    versions = readable(mou, reader)
    live = [one for one in versions if one.status != VersionStatus.VOID]
    if reader.is_staff:
        return next(iter(live), None)
    # A text that was sent and taken back is what the firm last read.
    return next(iter(versions), None)


@dataclass(frozen=True)
class LeftOut:
    """A clause whose agreed wording is in another language than the text."""

    code: str
    title: str
    language: str

    @property
    def language_name(self) -> str:
        return _(str(dict(settings.LANGUAGES).get(self.language, self.language)))


@dataclass(frozen=True)
class Entry:
    """One thing said about a clause, in the order of time."""

    at: datetime
    who: str
    text: str
    proposal: ClauseProposal | None = None
    difference: SafeString | str = ""
    decided_by: str = ""

    @property
    def colour(self) -> str:
        if self.proposal is None:
            return ""
        return COLOURS.get(ProposalStatus(self.proposal.status), "grey")


@dataclass
class ClauseState:
    """One clause with all that was said about it."""

    number: int
    code: str
    title: str
    text: str
    is_negotiable: bool
    proposals: list[ClauseProposal] = field(default_factory=list)
    comments: list[ClauseComment] = field(default_factory=list)
    is_unwritten: bool = False

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")

    @property
    def mark(self) -> str:
        return mark_of(self.text)

    @property
    def open(self) -> ClauseProposal | None:
        return next((one for one in self.proposals if one.status == ProposalStatus.OPEN), None)

    @property
    def state(self) -> tuple[str, str]:
        """Words and a colour."""
        if self.open is not None:
            if self.open.party == Party.BUSINESS:
                return _("Waits for the administration"), "yellow"
            return _("Waits for the firm"), "yellow"
        if self.is_unwritten:
            return _("Agreed, comes with the next draft"), "green"
        if not self.is_negotiable:
            return _("Not negotiable"), "grey"
        if any(one.status == ProposalStatus.ACCEPTED for one in self.proposals):
            return _("Agreed wording"), "green"
        if self.proposals:
            return _("Stays as it was"), "blue"
        return (_("Commented on"), "blue") if self.comments else (_("Standard text"), "grey")

    @property
    def said(self) -> int:
        return len(self.proposals) + len(self.comments)

    def thread(self, names: Mapping[int, str]) -> list[Entry]:
        """Comments and proposals, the oldest first."""
        entries = [_comment(one, names) for one in self.comments]
        entries += [_proposal(one, names) for one in self.proposals]
        return sorted(entries, key=lambda entry: entry.at)


def _who(party: str, pk: int | None, names: Mapping[int, str]) -> str:
    if pk is not None and pk in names:
        return names[pk]
    return _("The administration") if party == Party.ADMINISTRATION else _("The firm")


def _comment(one: ClauseComment, names: Mapping[int, str]) -> Entry:
    return Entry(one.made_at, _who(one.party, one.made_by_id, names), one.text)


def _proposal(one: ClauseProposal, names: Mapping[int, str]) -> Entry:
    ours = one.party == Party.ADMINISTRATION
    other = Party.BUSINESS if ours else Party.ADMINISTRATION
    side = one.party if one.status == ProposalStatus.WITHDRAWN else other
    return Entry(
        one.made_at,
        _who(one.party, one.made_by_id, names),
        one.reason,
        one,
        differences.marked(one.base, one.wording),
        _who(side, one.decided_by_id, names) if one.decided_by_id else "",
    )


def states(mou: Mou, version: MouVersion) -> list[ClauseState]:
    """Every clause of this version, in a fixed number of queries."""
    free = _codes(version, is_negotiable=True)
    late = unwritten(mou, version)
    found = {
        one["code"]: ClauseState(
            number,
            one["code"],
            one["title"],
            text_of(one),
            one["code"] in free,
            is_unwritten=one["code"] in late,
        )
        for number, one in enumerate(version.content["clauses"], start=1)
    }
    for proposal in mou.proposals.select_related("written_in").order_by("pk"):
        if proposal.code in found:
            found[proposal.code].proposals.append(proposal)
    for comment in mou.clause_comments.order_by("pk"):
        if comment.code in found:
            found[comment.code].comments.append(comment)
    return list(found.values())


def names_for(reader: User, clause: ClauseState) -> dict[int, str]:
    """Who spoke. Outside the desk officers act in the office's name, and the site sees none."""
    said: Iterable[ClauseProposal | ClauseComment] = [*clause.proposals, *clause.comments]
    wanted = {one.made_by_id for one in said}
    wanted |= {one.decided_by_id for one in clause.proposals if one.decided_by_id}
    people = User.objects.in_bulk(wanted)
    return {pk: str(one) for pk, one in people.items() if reader.is_staff or not one.is_staff}
