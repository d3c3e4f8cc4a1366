"""A list of suspensions meets an officer who suspends: neither waits for the other for ever."""

from __future__ import annotations

import pytest
from django.db import transaction

from mou import programme
from mou.actions import comparing, imports, standing
from mou.actions.locking import lock
from mou.lifecycle import MouStatus
from mou.models import CertificateImport, ImportStatus, Mou
from portal import reference_files
from portal.models import Standing
from tests.databases import postgresql
from tests.factories import UserFactory
from tests.mou.cover_flows import association, confirmed, member
from tests.threads import beside

pytestmark = [pytest.mark.django_db(transaction=True), postgresql]
HEADING = "holder,country,EORI,certificate number,type,effective date,security and safety"


def suspended(mous: list[Mou], by) -> CertificateImport:
    """A confirmed list that suspends the certificate of each association."""
    rows = [HEADING]
    for place, mou in enumerate(mous):
        firm, number = mou.organisation, mou.trust_status.number
        firm.country, firm.eori = "SE", f"SE9{place:09}"
        firm.save()
        rows.append(f"{firm.legal_name},SE,{firm.eori},{number},F,2026-01-01,suspended")
    data = "\n".join(rows).encode()
    batch = imports.import_list(file_name="register.csv", data=data, by=by)
    comparing.compare_rows(batch=batch)
    return imports.confirm_import(batch=batch, by=by)


def test_import_and_suspension_of_two_associations_with_one_member_both_end():
    reference_files.load()
    programme.load()
    officer, firm = UserFactory(caseworker=True), member()
    mous = [confirmed(association(f"Association {n}"), firm).mou for n in range(2)]
    batch = suspended(mous, officer)

    def apply() -> None:
        imports.import_rows(batch=CertificateImport.objects.get(pk=batch.pk))

    with beside(apply) as begin, transaction.atomic():
        lock(mous[1])
        begin()
        standing.suspend_for_cause(mou=mous[1], reason="A breach.", until=None, by=officer)

    batch.refresh_from_db()
    assert (batch.status, batch.rows_rejected) == (ImportStatus.FINISHED, 0)
    found = Mou.objects.filter(pk__in=[mou.pk for mou in mous])
    assert set(found.values_list("status", flat=True)) == {MouStatus.SUSPENDED}
    assert not Standing.objects.filter(organisation=firm, in_force=True).exists()
