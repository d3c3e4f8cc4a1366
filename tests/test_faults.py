"""Faults: killed workers, a lost broker, a silent time-stamp service, two people at once."""

import contextlib
import email
import re
import shutil
import threading
import time
from collections import Counter
from email import policy
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, build_opener

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from mou import keys, verification
from mou.actions import applying, drafting, papers, signatures, trust
from mou.lifecycle import MouStatus, SignatureStatus, VersionStatus
from mou.models import Mou, Party, Signature
from portal import second_factor
from portal.errors import AlreadyDone
from portal.files import PARTIAL
from portal.models import OutboxMessage, User
from tests.factories import UserFactory
from tests.mou import flows
from tests.people import code_of, with_codes
from tests.processes import is_well, redis_server, wait_for, web_server, worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_folders():
    for name in ("mail", "files", "broker"):
        shutil.rmtree(Path(settings.VAR, name), ignore_errors=True)
        Path(settings.VAR, name).mkdir(mode=0o700)


def mails() -> Counter[tuple[str, str]]:
    """How many messages with this subject each receiver was sent."""
    found: Counter[tuple[str, str]] = Counter()
    for path in Path(settings.VAR, "mail").glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found[message["To"], message["Subject"]] += 1
    return found


def assert_told_once_to_sign(cast: flows.Cast) -> None:
    counts = mails()
    assert set(counts.values()) == {1}
    assert [to for to, subject in counts if "can be signed" in subject] == [cast.signatory.email]


def files_of(version) -> set[str]:
    folder = Path(settings.VAR, "files", "agreements", str(version.uuid))
    if not folder.exists():
        return set()
    # What a kill left half written has no name yet; tests/portal/test_files.py has its end.
    return {path.name for path in folder.iterdir() if not path.name.startswith(PARTIAL)}


def status_of(mou: Mou) -> str:
    return Mou.objects.get(pk=mou.pk).status


def make_due() -> None:
    """Spare the test the wait between two tries."""
    OutboxMessage.objects.filter(done_at=None, claimed_until=None).update(
        available_at=timezone.now()
    )


def claimed(task: str) -> bool:
    return OutboxMessage.objects.filter(task=task, claimed_until__isnull=False).exists()


def in_force(cast: flows.Cast) -> bool:
    make_due()
    return status_of(cast.agreement) == MouStatus.IN_FORCE


@pytest.mark.parametrize("delay", [0.0, 0.3, 0.9])
def test_worker_killed_while_sealing_leaves_one_document_and_one_message(trust_service, delay):
    cast = flows.agreed()
    with worker() as part:
        wait_for(lambda: claimed("mou.seal") or cast.version.status == "signing", "the claim")
        time.sleep(delay)
        part.kill()
        part.start()
        wait_for(lambda: status_of(cast.agreement) == MouStatus.SIGNING, "the sealed document")
        wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), "the mail")
    assert list(cast.version.documents.values_list("step", flat=True)) == ["sealed"]
    assert files_of(cast.version) == {"sealed.pdf"}
    assert_told_once_to_sign(cast)


@pytest.mark.parametrize("delay", [0.0, 0.15])
def test_worker_killed_while_signing_leaves_one_signature(trust_service, delay):
    cast, _signature = flows.authorised()
    with worker() as part:
        wait_for(lambda: claimed("mou.apply_signature"), "the claim", every=0.005)
        time.sleep(delay)
        part.kill()
        part.start()
        wait_for(lambda: signatures.is_stamped(cast.version, Party.BUSINESS), "the signature")
    assert cast.version.signatures.count() == 1
    assert cast.version.documents.filter(step="business_stamped").count() == 1
    assert files_of(cast.version) == {"sealed.pdf", "business.pdf", "business_stamped.pdf"}


class Reader:
    """A person at a browser without script, logged in at a real web server."""

    def __init__(self, url: str, user: User) -> None:
        self.url = url
        client = Client()
        client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}

    def open(self, path: str, data: dict[str, str] | None = None) -> str:
        body = urlencode(data).encode() if data is not None else None
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Referer": self.url}
        request = Request(self.url + path, body, headers)  # noqa: S310 - our own server
        with build_opener().open(request, timeout=30) as answer:
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.read().decode()

    def hidden(self, page: str) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
        return dict(found)


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.2])
def test_web_killed_while_signing_leaves_one_signature(trust_service, delay):
    cast = flows.sealed()
    with_codes(cast.signatory)
    path = f"/mou/{cast.agreement.uuid}/sign/"
    with web_server() as web, worker():
        reader = Reader(web.url, cast.signatory)
        page = reader.open(path)
        said = {
            **reader.hidden(page),
            "represents": "on",
            "consent": "on",
            "function": flows.FUNCTION,
            "typed_name": cast.signatory.name,
        }
        page = reader.open(path, said)
        last = {**reader.hidden(page), "code": second_factor.current_code(cast.signatory)}
        posting = threading.Thread(target=refused_or_lost, args=(reader, path + "confirm/", last))
        posting.start()
        time.sleep(delay)
        web.kill()
        posting.join()
        web.start()
        wait_for(lambda: is_well(web.url), "the web server")
        if not Signature.objects.exists():
            # Nothing was recorded, so the person tries again with what is still in the session.
            page = reader.open(path + "confirm/")
            last = {**reader.hidden(page), "code": code_of(cast.signatory, ahead=1)}
            reader.open(path + "confirm/", last)
        wait_for(lambda: signatures.is_stamped(cast.version, Party.BUSINESS), "the signature")
        wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), "the mails")
    assert Signature.objects.count() == 1
    assert set(mails().values()) == {1}


def refused_or_lost(reader: Reader, path: str, data: dict[str, str]) -> None:
    """Send a form to a server that is being killed."""
    with contextlib.suppress(OSError, HTTPException):
        reader.open(path, data)


def test_lost_broker_delays_and_loses_nothing(trust_service):
    cast = flows.agreed()
    with redis_server() as broker, worker(REDIS_URL=broker.url) as part:
        wait_for(lambda: claimed("mou.seal") or cast.version.status == "signing", "the claim")
        broker.kill()
        time.sleep(1)
        part.kill()
        broker.start()
        part.start()
        wait_for(lambda: status_of(cast.agreement) == MouStatus.SIGNING, "the sealed document")
        wait_for(lambda: not OutboxMessage.objects.filter(done_at=None).exists(), "the mail")
    assert cast.version.documents.count() == 1
    assert_told_once_to_sign(cast)


def test_time_stamp_service_down_keeps_the_signature_and_goes_on_by_itself(trust_service):
    cast, signature = flows.authorised()
    trust_service.stop()
    try:
        flows.deliver_all()
        signature.refresh_from_db()
        kept = papers.read(cast.version, "business")
        assert signature.status == SignatureStatus.SIGNED
        assert cast.version.waiting_for == "time stamp service"
        assert not signatures.is_stamped(cast.version, Party.BUSINESS)
    finally:
        trust_service.start()
    flows.deliver_all()
    signature.refresh_from_db()
    assert signature.status == SignatureStatus.STAMPED
    assert cast.version.waiting_for == ""
    assert papers.read(cast.version, "business") == kept
    assert Signature.objects.count() == 1


def test_time_stamp_service_down_while_sealing_and_archiving_only_waits(trust_service):
    cast = flows.agreed()
    trust_service.stop()
    flows.deliver_all()
    assert cast.version.status == VersionStatus.AGREED
    assert cast.version.waiting_for == "time stamp service"
    trust_service.start()
    flows.deliver_all()
    assert cast.version.status == VersionStatus.SIGNING


def test_missing_keys_stop_the_document_and_tell_staff(trust_service, settings):
    cast = flows.agreed()
    settings.KEY_BACKEND = "pkcs12"
    flows.deliver_all()
    assert cast.version.status == VersionStatus.AGREED
    assert cast.version.waiting_for == "signing keys"
    settings.KEY_BACKEND = "embedded"
    flows.deliver_all()
    assert cast.version.status == VersionStatus.SIGNING


def at_once(*calls):
    """Run the calls in threads of their own, started together; what each gave or raised."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        barrier.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_countersign_by_two_at_once_takes_one_and_tells_the_other(trust_service):
    cast = flows.signed()
    second = UserFactory(countersigner=True, name="Cilla Countersigner")
    mine = flows.declaration(cast, Party.ADMINISTRATION)
    theirs = flows.declaration(cast, Party.ADMINISTRATION, typed_name=second.name)
    version = cast.version
    results = at_once(
        lambda: signatures.countersign(version=version, declaration=mine, by=cast.countersigner),
        lambda: signatures.countersign(version=version, declaration=theirs, by=second),
    )
    refused = [result for result in results if isinstance(result, AlreadyDone)]
    assert len(refused) == 1
    assert "signed for this party" in str(refused[0])
    assert version.signatures.filter(party=Party.ADMINISTRATION).count() == 1


def test_sign_in_two_tabs_at_once_makes_one_signature(trust_service):
    cast = flows.sealed()
    said, version = flows.declaration(cast, Party.BUSINESS), cast.version
    results = at_once(
        *[lambda: signatures.sign(version=version, declaration=said, by=cast.signatory)] * 4
    )
    assert sum(isinstance(result, Signature) for result in results) == 1
    assert sum(isinstance(result, AlreadyDone) for result in results) == 3


def test_two_workers_on_one_signature_make_one(trust_service):
    cast, signature = flows.authorised()
    twins = [Signature.objects.get(pk=signature.pk) for _ in range(2)]
    at_once(*[lambda twin=twin: applying.apply_signature(signature=twin) for twin in twins])
    assert cast.version.documents.filter(step="business_stamped").count() == 1
    pdf = papers.read(cast.version, "business_stamped")
    assert verification.verify(pdf, roots=keys.roots()).signatures[-1].intact


def test_suspension_and_signature_at_once_never_leave_a_signature_on_a_fallen_basis(trust_service):
    cast = flows.sealed()
    said, version, status = (
        flows.declaration(cast, Party.BUSINESS),
        cast.version,
        cast.offer.trust_status,
    )

    def suspend():
        return trust.suspend_trust(
            status=status,
            component="S",
            effective_on=timezone.localdate(),
            reason="Decision 1",
            by=cast.caseworker,
        )

    at_once(
        suspend,
        lambda: signatures.sign(version=version, declaration=said, by=cast.signatory),
    )
    flows.deliver_all()
    assert not version.documents.filter(step="business").exists()
    assert not Signature.objects.filter(status__in=["authorised", "signed", "stamped"]).exists()


def test_agree_by_two_owners_at_once_orders_one_document(trust_service):
    cast = flows.proposed()
    mou, text = cast.agreement, cast.version.content_hash
    at_once(*[lambda: drafting.agree(mou=mou, content_hash=text, by=cast.owner)] * 3)
    assert OutboxMessage.objects.filter(task="mou.seal").count() == 1
    assert cast.version.acceptances.count() == 2
