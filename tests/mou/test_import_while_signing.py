"""A long list with suspensions is applied while firms sign: each offered once, none on sand."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from queue import Empty, Queue
from typing import Any

import pytest
from django.db import OperationalError, connections

from mou import programme
from mou.actions import applying, comparing, imports, signatures
from mou.lifecycle import SignatureStatus
from mou.models import CertificateImport, ImportStatus, MouOffer, Party, Signature, TrustStatus
from portal import reference_files
from portal.errors import DomainError
from tests.factories import UserFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db(transaction=True)
HEADING = "holder,country,EORI,certificate number,type,effective date,security and safety"
MADE = [SignatureStatus.SIGNED, SignatureStatus.STAMPED]
HANDS = 8


def signing(count: int) -> list[flows.Cast]:
    """Firms of the register whose document is open for signature."""
    casts = [flows.sealed() for _ in range(count)]
    for place, cast in enumerate(casts):
        cast.organisation.country, cast.organisation.eori = "SE", f"SE9{place:09}"
        cast.organisation.save()
    return casts


def certificates(casts: list[flows.Cast], count: int, suspended: int) -> bytes:
    """As many rows, some suspended: of the firms that sign, every second."""
    rows = []
    for place, cast in enumerate(casts):
        status, firm = cast.agreement.trust_status, cast.organisation
        worth = "suspended" if place % 2 else "valid"
        rows.append(f"{firm.legal_name},SE,{firm.eori},{status.number},F,2026-01-01,{worth}")
    fallen = suspended - len(casts) // 2
    for place in range(count - len(casts)):
        worth = "suspended" if place < fallen else "valid"
        rows.append(f"Holder {place:05} AB,SE,SE{place:010},SEAEOF{place:05},F,2026-01-01,{worth}")
    # The firms that sign stand all over the list.
    step = max(1, len(rows) // len(casts))
    for place in range(len(casts)):
        rows.insert(place * step, rows.pop(place))
    return "\n".join([HEADING, *rows]).encode()


class Firms:
    """The firms sign one after the other, by several hands, while other work goes on."""

    def __init__(self, casts: list[flows.Cast]) -> None:
        self.waiting: Queue[flows.Cast] = Queue()
        for cast in casts:
            self.waiting.put(cast)
        self.on_sand: list[int] = []
        self.declarations = {
            cast.offer.pk: flows.declaration(cast, Party.BUSINESS) for cast in casts
        }

    def sign(self) -> None:
        while True:
            try:
                cast = self.waiting.get_nowait()
            except Empty:
                return
            self._sign(cast)

    def _sign(self, cast: flows.Cast) -> None:
        fallen = TrustStatus.objects.get(pk=cast.offer.trust_status_id).security == "suspended"
        try:
            signature = until_free(
                lambda: signatures.sign(
                    version=cast.version,
                    declaration=self.declarations[cast.offer.pk],
                    by=cast.signatory,
                )
            )
        except DomainError:
            return
        until_free(lambda: applying.apply_signature(signature=signature))
        signature.refresh_from_db()
        if fallen and signature.status in MADE:
            self.on_sand.append(signature.pk)


def until_free(act: Callable[[], Any]) -> Any:
    """SQLite lets one write at a time and does not wait for ever: a person presses again, a
    worker comes back. PostgreSQL says neither of these words, and a deadlock is none of them."""
    while True:
        try:
            return act()
        except OperationalError as error:
            if "database is locked" not in str(error):
                raise


def together(*works) -> None:
    """Each on a connection of its own; an error in any of them, a deadlock too, fails the test."""
    barrier, failed = threading.Barrier(len(works)), []

    def one(work) -> None:
        try:
            barrier.wait()
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed


@pytest.mark.parametrize(
    ("count", "suspended", "firms"),
    [
        pytest.param(120, 12, 4, id="few"),
        pytest.param(10_000, 500, 50, id="many", marks=pytest.mark.soak),
    ],
)
def test_import_of_suspensions_while_firms_sign(
    trust_service, monkeypatch, count, suspended, firms
):
    monkeypatch.setattr(imports, "SLICE", min(imports.SLICE, count // 10))
    monkeypatch.setattr(imports, "TURN", 3600.0)
    reference_files.load()
    programme.load()
    officer = UserFactory(caseworker=True)
    casts = signing(firms)
    data = certificates(casts, count, suspended)
    batch = imports.import_list(file_name="register.csv", data=data, by=officer)
    comparing.compare_rows(batch=batch)
    imports.confirm_import(batch=batch, by=officer)
    work = Firms(casts)

    def apply() -> None:
        until_free(lambda: imports.import_rows(batch=CertificateImport.objects.get(pk=batch.pk)))

    together(apply, apply, *[work.sign] * min(HANDS, firms))

    batch.refresh_from_db()
    assert (batch.status, batch.rows_rejected) == (ImportStatus.FINISHED, 0)
    assert TrustStatus.objects.filter(security="suspended").count() == suspended
    offers = Counter(MouOffer.objects.values_list("organisation_id", flat=True))
    assert (len(offers), set(offers.values())) == (count, {1})
    assert work.on_sand == []
    assert not Signature.objects.filter(status=SignatureStatus.AUTHORISED).exists()
    for place, cast in enumerate(casts):
        made = cast.version.signatures.filter(status__in=MADE)
        if place % 2 == 0:
            assert made.count() == 1
            continue
        assert made.count() <= 1
        with pytest.raises(DomainError, match=r"not valid now|signed for this party"):
            signatures.sign(
                version=cast.version,
                declaration=work.declarations[cast.offer.pk],
                by=cast.signatory,
            )
        assert cast.version.signatures.filter(status__in=MADE).count() <= 1
