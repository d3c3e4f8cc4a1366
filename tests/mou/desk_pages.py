"""Pages of the desk that need a record: each makes it and returns the address."""

from __future__ import annotations

from django.urls import reverse

from mou import programme
from mou.actions import comparing, covers, imports, offers, publicity, standing, ways_in
from mou.models import Basis, CertificateImport, Interest, Mou, MouOffer
from portal import reference_files
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import batch_flows, cover_flows, flows, living, plan_flows, risk_flows, survey_flows

HEADING = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
ROWS = [
    "Norrvik Freight AB,SE,SE12,SEAEOF0001,AEOF,2026-01-15,",
    "=HYPERLINK(),SE,SE5560000002,SEAEOC0002,C,01.02.2026,",
]


def _batch() -> CertificateImport:
    reference_files.load()
    programme.load()
    return imports.import_list(
        file_name="certificates.csv",
        data="\n".join([HEADING, *ROWS]).encode(),
        by=UserFactory(caseworker=True),
    )


def import_running() -> str:
    return reverse("admin:mou_certificateimport_change", args=[_batch().pk])


def _compared() -> CertificateImport:
    batch = _batch()
    comparing.compare_rows(batch=batch)
    batch.refresh_from_db()
    return batch


def import_compared() -> str:
    """With a new certificate, a rejected row and a doubtful one."""
    return reverse("admin:mou_certificateimport_change", args=[_compared().pk])


def import_finished() -> str:
    """With a rejected row and a doubtful one."""
    batch = _compared()
    imports.confirm_import(batch=batch, by=batch.uploaded_by)
    imports.import_rows(batch=batch)
    return reverse("admin:mou_certificateimport_change", args=[batch.pk])


def _unsent() -> MouOffer:
    firm = OrganisationFactory()
    return offers.offer(
        organisation=firm,
        programme=flows.programme(),
        basis=Basis.TRUST_STATUS,
        trust_status=flows.trust_status(firm),
        by=None,
    )


def batch_chosen() -> str:
    """Holders that would be offered an agreement, and others that would not."""
    batch_flows.holder()
    batch_flows.holder(owned=False)
    chosen = f"?programme={flows.programme().pk}&component="
    return reverse("admin:mou_offerbatch_choose") + chosen


def batch_running() -> str:
    batch_flows.holder()
    return reverse("admin:mou_offerbatch_change", args=[batch_flows.confirmed().pk])


def batch_finished() -> str:
    batch_flows.holder()
    batch = batch_flows.worked(batch_flows.confirmed())
    return reverse("admin:mou_offerbatch_change", args=[batch.pk])


def offered_component() -> str:
    return reverse("admin:mou_mouoffer_change_component", args=[_unsent().pk])


def members() -> str:
    """With one that waits, one that is covered and one that was refused."""
    mou = cover_flows.association()
    cover_flows.named(mou, cover_flows.member("Waiting AB", owned=False))
    cover_flows.confirmed(mou, cover_flows.member("Covered AB"))
    refused = cover_flows.named(mou, cover_flows.member("Refused AB"))
    covers.refuse_member(cover=refused, reason="-", by=UserFactory(caseworker=True))
    return reverse("admin:mou_mou_members", args=[mou.pk])


def certificate() -> str:
    return reverse("admin:mou_truststatus_change", args=[_unsent().trust_status_id])


def suspension() -> str:
    return reverse("admin:mou_truststatus_suspend", args=[_unsent().trust_status_id])


def offer() -> str:
    return reverse("admin:mou_mouoffer_change", args=[_unsent().pk])


def contact() -> str:
    return reverse("admin:mou_mouoffer_enter_contact", args=[_unsent().pk])


def withdrawal() -> str:
    return reverse("admin:mou_mouoffer_withdraw", args=[_unsent().pk])


def _interest() -> Interest:
    return ways_in.express_interest(told=living.TOLD, language="en")


def interest() -> str:
    return reverse("admin:mou_interest_change", args=[_interest().pk])


def refusal() -> str:
    """What the letter of a refusal leads to."""
    by = UserFactory(caseworker=True)
    refused = ways_in.refuse_interest(interest=_interest(), reason="No risk we share.", by=by)
    return reverse("interest_review", args=[refused.token])


def badge() -> str:
    mou = living.in_force()
    listing = publicity.publish(mou=mou, by=living.owner(mou))
    return reverse("badge", args=[listing.token])


def _suspended() -> Mou:
    mou = living.in_force()
    by = UserFactory(caseworker=True)
    return standing.suspend_for_cause(mou=mou, reason="The yard was open.", until=None, by=by)


def suspended() -> str:
    return reverse("admin:mou_mou_change", args=[_suspended().pk])


def timeline() -> str:
    return reverse("admin:mou_mou_timeline", args=[_suspended().pk])


def closing() -> str:
    mou = _suspended()
    return reverse("admin:mou_mou_close_review", args=[mou.pk, mou.reviews.get().pk])


def rebasing() -> str:
    return reverse("admin:mou_mou_rebase", args=[_suspended().pk])


def surveyed() -> str:
    reference_files.load()
    mou = living.in_force()
    survey_flows.submitted(mou)
    return reverse("admin:mou_mou_survey", args=[mou.pk])


def risks() -> str:
    reference_files.load()
    mou = living.in_force()
    risk_flows.settled(mou)
    return reverse("admin:mou_mou_risks", args=[mou.pk])


def _planned(part: str) -> str:
    mou = living.in_force()
    plan_flows.agreed(mou)
    plan_flows.agreed_activity(mou)
    plan_flows.contact(mou)
    return reverse("admin:mou_mou_plan", args=[mou.pk, part])


def measures() -> str:
    return _planned("measures")


def activities() -> str:
    return _planned("activities")


def contacts() -> str:
    return _planned("contacts")


def proposing() -> str:
    return reverse("admin:mou_mou_plan_add", args=[living.in_force().pk, "activities"])
