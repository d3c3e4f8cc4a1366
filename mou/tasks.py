"""The agreements' work that can wait: each handler takes ids, calls one action, may run twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from celery.signals import worker_process_init

from mou import alert_letters, documents, notifications
from mou.actions import (
    alerts,
    applying,
    batches,
    clock,
    comparing,
    eori_checks,
    erasing,
    imports,
    offers,
    preserving,
    sealing,
    training,
)
from mou.keys import KeysMissing
from mou.models import (
    Alert,
    CertificateImport,
    Document,
    EoriCheck,
    Mou,
    MouOffer,
    MouVersion,
    OfferBatch,
    Signature,
    Training,
)
from mou.signing import RevocationUnavailable, TimestampUnavailable
from portal import expired, outbox

WAITS: dict[type[Exception], str] = {
    TimestampUnavailable: "time stamp service",
    RevocationUnavailable: "revocation list of the issuing authority",
    KeysMissing: "signing keys",
}


@worker_process_init.connect
def warm_up(**kwargs: object) -> None:
    """Parse fonts and styles once a worker process, before its first document."""
    documents.warm_up()


@contextmanager
def _noting_waits(version_id: int) -> Iterator[None]:
    """Show staff what a document waits for, then let the outbox try again."""
    try:
        yield
    except Exception as error:
        for kind, words in WAITS.items():
            if isinstance(error, kind):
                sealing.note_wait(version_id=version_id, reason=words)
        raise


@outbox.handler("mou.seal")
def seal(*, version_id: int) -> None:
    with _noting_waits(version_id):
        sealing.seal(version=MouVersion.objects.get(pk=version_id))


@outbox.handler("mou.apply_signature")
def apply_signature(*, signature_id: int) -> None:
    signature = Signature.objects.select_related("version__mou").get(pk=signature_id)
    with _noting_waits(signature.version_id):
        applying.apply_signature(signature=signature)


@outbox.handler("mou.archive")
def archive(*, version_id: int) -> None:
    with _noting_waits(version_id):
        sealing.archive(version=MouVersion.objects.get(pk=version_id))


@outbox.handler("mou.report")
def report(*, version_id: int) -> None:
    with _noting_waits(version_id):
        sealing.report(version=MouVersion.objects.select_related("mou").get(pk=version_id))


@outbox.handler("mou.renew")
def renew(*, document_id: int, edition: int) -> None:
    document = Document.objects.select_related("version__mou").get(pk=document_id)
    preserving.renew(document=document, edition=edition)


@outbox.handler("mou.tell")
def tell(*, event: str, kind: str, thing_id: int, occasion: str, signer_id: int | None) -> None:
    notifications.tell(
        event=event, kind=kind, thing_id=thing_id, occasion=occasion, signer_id=signer_id
    )


@outbox.handler("mou.tell_contact")
def tell_contact(*, event: str, offer_id: int, occasion: str = "") -> None:
    notifications.tell_contact(event=event, offer_id=offer_id, occasion=occasion)


@outbox.handler("mou.tell_interest")
def tell_interest(*, event: str, interest_id: int) -> None:
    notifications.send_interest(event=event, interest_id=interest_id)


@outbox.handler("mou.send_mail")
def send_mail(*, mail_key: str, event: str, kind: str, thing_id: int, user_id: int) -> None:
    notifications.send(
        mail_key=mail_key, event=event, kind=kind, thing_id=thing_id, user_id=user_id
    )


@outbox.handler("mou.compare_import")
def compare_import(*, batch_id: int) -> None:
    comparing.compare_rows(batch=CertificateImport.objects.get(pk=batch_id))


@outbox.handler("mou.check_eori")
def check_eori(*, check_id: int) -> None:
    eori_checks.check_eori(check=EoriCheck.objects.get(pk=check_id))


@outbox.handler("mou.import")
def import_rows(*, batch_id: int) -> None:
    imports.import_rows(batch=CertificateImport.objects.get(pk=batch_id))


@outbox.handler("mou.offer_in_bulk")
def offer_in_bulk(*, batch_id: int) -> None:
    batches.make_offers(batch=OfferBatch.objects.select_related("created_by").get(pk=batch_id))


@outbox.handler("mou.send_offer")
def send_offer(*, offer_id: int) -> None:
    offers.send_offer(offer=MouOffer.objects.get(pk=offer_id))


@outbox.handler("mou.deliver_alert")
def deliver_alert(*, alert_id: int) -> None:
    alerts.deliver(alert=Alert.objects.get(pk=alert_id))


@outbox.handler("mou.deliver_alerts_to")
def deliver_alerts_to(*, mou_id: int) -> None:
    alerts.deliver_to(mou=Mou.objects.get(pk=mou_id))


@outbox.handler("mou.retract_alert")
def retract_alert(*, alert_id: int) -> None:
    alerts.tell_of_withdrawal(alert=Alert.objects.get(pk=alert_id))


@outbox.handler("mou.tell_of_alert")
def tell_of_alert(*, event: str, alert_id: int, revision: int) -> None:
    alert_letters.send(event=event, alert_id=alert_id, revision=revision)


@outbox.handler("mou.tell_of_training")
def tell_of_training(*, training_id: int) -> None:
    training.tell_of_training(training=Training.objects.get(pk=training_id))


@outbox.handler("mou.lead_on_one", forget=True)
def lead_on_one(*, duty: str, thing_id: int | None) -> None:
    clock.lead_on_one(duty=duty, thing_id=thing_id)


@shared_task
def sweep() -> None:
    sealing.sweep()


@shared_task
def preserve() -> None:
    preserving.renew_due()
    sealing.order_missing_reports()


@shared_task
def lead_on() -> None:
    clock.lead_on()


@shared_task
def send_due_offers() -> None:
    clock.offer_due()


@shared_task
def drop_abandoned_imports() -> None:
    imports.drop_abandoned()


@shared_task
def erase_interests() -> None:
    """Daily: what names people in expressions of interest whose time is over."""
    erasing.erase_interests()


@expired.line("expressions of interest")
def _interests(dry: bool) -> dict[str, int]:
    return erasing.erase_interests(dry=dry, at_once=None)


@expired.line("lists of certificates")
def _lists(dry: bool) -> dict[str, int]:
    return {"dropped, not confirmed": imports.drop_abandoned(dry=dry)}
