"""Leads the firms through the real pipeline, waiting for the workers as people would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone

from mou.actions import (
    agreements,
    drafting,
    offers,
    publicity,
    signatures,
)
from mou.demonstration import (
    amending,
    asking,
    batching,
    covering,
    lists,
    living,
    negotiating,
    planning,
    revising,
    signing,
    surveying,
    teaching,
    together,
    warning,
)
from mou.demonstration.firms import Firm
from mou.lifecycle import MouStatus, OfferStatus, VersionStatus
from mou.models import Listing, Mou, MouOffer, MouVersion, Party, Template
from mou.signing_power import ALONE
from portal import demonstration as people
from portal.models import User

ORDER = ["accepted", "named", "drafted", "proposed", "sealed", "signed", "in_force"]
BEYOND = {
    "returned": "proposed",
    "withdrawn": "proposed",
    "reopened": "signed",
    together.TARGET: "sealed",
} | dict.fromkeys(["association", *living.TARGETS, *amending.TARGETS], "in_force")
# Who wants to be named in the register, some of them suspended or under notice since.
NAMED = {"in_force", "suspended", "under_notice"}
# Whose text rests on a survey.
SURVEYED = {"sealed", "under_review"}
PATIENCE = 300.0


class Story:
    """Leads the firms, state by state, waiting for the workers as a person would."""

    def __init__(self, rows: list[Firm], say: Callable[[str], None]) -> None:
        self.rows, self.say = rows, say
        self.caseworker = User.objects.get(email="caseworker@customs.example")
        self.countersigner = User.objects.get(email="countersigner@customs.example")
        newest = Template.objects.current(timezone.localdate())
        self.templates = {
            language: newest.filter(language=language)[0] for language in ("en", "sv", "nl")
        }
        in_force = [firm.certificate for firm in rows if firm.target == "in_force"]
        # One agreement in Swedish and one in Dutch; the others are in English.
        self.languages = dict(zip(in_force, ("sv", "nl"), strict=False))

    def tell(self) -> None:
        self._wait("certificates imported", self._imported)
        self._wait("offers sent", self._offers_sent)
        asking.ask(self.caseworker)
        for verb in [
            self._answer,
            self._name,
            self._survey,
            self._draft,
            self._propose,
            self._agree,
        ]:
            for firm in self.rows:
                verb(firm)
            self.say(f"  {verb.__name__.strip('_')}: done for all firms")
        self._wait("documents sealed", lambda: self._settled("sealed", self._is_sealed))
        for firm in self.rows:
            if firm.target == together.TARGET or firm in self._that_reach("signed"):
                signing.sign(self._version(firm), self._owner(firm))
        self._wait("signatures made", lambda: self._settled("signed", self._is_signed))
        for firm in self._that_reach("in_force"):
            signing.countersign(self._version(firm), self.countersigner)
        self._wait("agreements archived", lambda: self._settled("in_force", self._is_in_force))
        self._reopen(self._one("reopened"))
        for firm in self.rows:
            if firm.target in NAMED and not Listing.objects.filter(mou=self._mou(firm)).exists():
                publicity.publish(mou=self._mou(firm), by=self._owner(firm))
            if firm.target in living.TARGETS:
                living.live(self._mou(firm), firm.target, self._owner(firm), self.caseworker)
        self._amend()
        planning.plan(self.caseworker)
        negotiating.negotiate(self.caseworker)
        teaching.teach(self.caseworker)
        covering.cover(self._mou(self._one("association")), self.caseworker)
        batching.batch(self.caseworker)
        supervisor = User.objects.get(email="supervisor@customs.example")
        warning.warn(self.caseworker, supervisor)
        revising.revise(self.caseworker, supervisor)

    # --- Where a firm stands ----------------------------------------------------------------

    def _that_reach(self, step: str) -> Iterator[Firm]:
        for firm in self.rows:
            target = BEYOND.get(firm.target, firm.target)
            reaches = target in ORDER and ORDER.index(target) >= ORDER.index(step)
            if reaches and not (firm.target == "reopened" and self._was_reopened(firm)):
                yield firm

    def _was_reopened(self, firm: Firm) -> bool:
        return Mou.objects.filter(
            offer__trust_status__number=firm.certificate, versions__status=VersionStatus.VOID
        ).exists()

    def _one(self, target: str) -> Firm:
        return next(firm for firm in self.rows if firm.target == target)

    def _offer(self, firm: Firm) -> MouOffer:
        """The first one; whose agreement ended may be offered another."""
        return MouOffer.objects.filter(trust_status__number=firm.certificate).earliest("pk")

    def _mou(self, firm: Firm) -> Mou:
        return Mou.objects.select_related("organisation").get(
            offer__trust_status__number=firm.certificate
        )

    def _version(self, firm: Firm) -> MouVersion:
        return MouVersion.objects.exclude(status=VersionStatus.VOID).get(
            mou=self._mou(firm), amendment=None
        )

    def _owner(self, firm: Firm) -> User:
        return User.objects.get(email=firm.email)

    def _imported(self) -> tuple[int, int]:
        lists.confirm(self.caseworker)
        numbers = [firm.certificate for firm in self.rows]
        offered = MouOffer.objects.filter(trust_status__number__in=numbers)
        return offered.values("trust_status").distinct().count(), len(numbers)

    def _offers_sent(self) -> tuple[int, int]:
        wanted = [firm for firm in self.rows if firm.email]
        done = sum(self._offer(firm).status != OfferStatus.UNSENT for firm in wanted)
        return done, len(wanted)

    def _settled(self, step: str, is_there: Callable[[Firm], bool]) -> tuple[int, int]:
        wanted = list(self._that_reach(step))
        return sum(map(is_there, wanted)), len(wanted)

    def _is_sealed(self, firm: Firm) -> bool:
        return self._mou(firm).status not in {MouStatus.READY, MouStatus.NEGOTIATION}

    def _is_signed(self, firm: Firm) -> bool:
        return signatures.is_stamped(self._version(firm), Party.BUSINESS)

    def _is_in_force(self, firm: Firm) -> bool:
        return self._mou(firm).in_force_at is not None

    def _wait(self, what: str, count: Callable[[], tuple[int, int]]) -> None:
        """Say how far the workers are until all is done."""
        until, told = time.monotonic() + PATIENCE, -1
        while True:
            done, wanted = count()
            if done != told:
                self.say(f"  {what}: {done} of {wanted}")
                told = done
                until = time.monotonic() + PATIENCE
            if done == wanted:
                return
            if time.monotonic() > until:
                raise TimeoutError(f"{what}: {done} of {wanted} after {PATIENCE:.0f} s")
            time.sleep(0.5)

    # --- What people do, once each ----------------------------------------------------------

    def _answer(self, firm: Firm) -> None:
        offer = self._offer(firm)
        if offer.status != OfferStatus.SENT or firm.target == "sent":
            return
        if firm.target == "offer_withdrawn":
            offers.withdraw_offer(offer=offer, reason="Made to the wrong firm", by=self.caseworker)
            return
        people.join(offer.organisation, email=firm.email, name=firm.person)
        if firm.target == "declined":
            reason = "We are winding the business up this year."
            agreements.decline(offer=offer, by=self._owner(firm), reason=reason)
        else:
            agreements.accept(offer=offer, by=self._owner(firm))

    def _name(self, firm: Firm) -> None:
        if firm not in self._that_reach("named") or self._mou(firm).signatory is not None:
            return
        owner = self._owner(firm)
        membership = owner.memberships.get(organisation=self._mou(firm).organisation)
        agreements.name_signatory(
            mou=self._mou(firm), signatory=membership, function="Managing director", by=owner
        )
        if firm.target == together.TARGET:
            together.name_others(self._mou(firm), owner)

    def _survey(self, firm: Firm) -> None:
        """Of those whose text is not drafted yet one each; of some others an accepted one."""
        targets = {"named": ["begun", "submitted"], "drafted": ["accepted", "returned"]}
        alike = [one for one in self.rows if one.target == firm.target]
        wanted = dict(zip(map(id, alike), targets.get(firm.target, []), strict=False))
        target = "accepted" if firm.target in SURVEYED else wanted.get(id(firm), "")
        if target:
            surveying.answer(self._mou(firm), target, self._owner(firm), self.caseworker)

    def _draft(self, firm: Firm) -> None:
        if firm in self._that_reach("drafted") and not self._mou(firm).versions.exists():
            drafting.draft(
                mou=self._mou(firm),
                template=self.templates[self.languages.get(firm.certificate, "en")],
                survey_note="The survey of flows is planned for the first yearly review.",
                power=together.POWER if firm.target == together.TARGET else ALONE,
                by=self.caseworker,
            )

    def _propose(self, firm: Firm) -> None:
        version = self._open_draft(firm, "proposed")
        if version is not None and not version.acceptances.exists() and not version.mou.remark:
            drafting.propose(mou=version.mou, content_hash=version.content_hash, by=self.caseworker)

    def _agree(self, firm: Firm) -> None:
        version = self._open_draft(firm, "proposed")
        if version is None or version.mou.status != MouStatus.NEGOTIATION:
            return
        owner = self._owner(firm)
        if firm.target == "returned":
            remark = "Our registered name has changed. Please correct it."
            drafting.return_text(mou=version.mou, remark=remark, by=owner)
        elif firm.target == "withdrawn":
            negotiating.leave_open(version.mou, owner)
            reason = "The firm is being merged into another."
            agreements.withdraw(mou=version.mou, by=owner, reason=reason)
        elif firm.target != "proposed":
            drafting.agree(mou=version.mou, content_hash=version.content_hash, by=owner)

    def _open_draft(self, firm: Firm, step: str) -> MouVersion | None:
        if firm not in self._that_reach(step):
            return None
        return (
            MouVersion.objects.select_related("mou")
            .filter(mou=self._mou(firm), status=VersionStatus.DRAFT)
            .first()
        )

    def _reopen(self, firm: Firm) -> None:
        if not self._was_reopened(firm):
            reason = "The address of the yard is wrong in the text."
            drafting.reopen(mou=self._mou(firm), reason=reason, by=self.caseworker)

    def _amend(self) -> None:
        """New versions; the workers make the documents of those that are signed."""
        for firm in self.rows:
            if firm.target in amending.TARGETS:
                amending.amend(self._mou(firm), firm.target, self._owner(firm), self.caseworker)
        signed, open_still = (self._one(target) for target in amending.SIGNED)

        def is_past(firm: Firm, *statuses: VersionStatus) -> tuple[int, int]:
            return int(amending.version_of(self._mou(firm)).status not in statuses), 1

        for firm in (signed, open_still):
            self._wait("new version sealed", partial(is_past, firm, VersionStatus.AGREED))
        version = amending.version_of(self._mou(signed))
        signing.sign(version, self._owner(signed))
        self._wait(
            "new version signed",
            lambda: (int(signatures.is_stamped(version, Party.BUSINESS)), 1),
        )
        signing.countersign(version, self.countersigner)
        underway = (VersionStatus.SIGNING, VersionStatus.SEALING)
        self._wait("new version archived", partial(is_past, signed, *underway))
