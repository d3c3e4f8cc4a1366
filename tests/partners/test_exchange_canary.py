"""Canary: a random word in every field of an exchange; afterwards it is found nowhere at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from partners import content, tasks
from partners.models import Exchange
from portal import outbox
from tests.canary import Canaries
from tests.partners import exchange_flows as flows
from tests.reporting.test_canary import found, listening

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/partners/exchange/"


def test_canary_of_every_field_of_an_exchange_is_found_nowhere():
    canaries, cast = Canaries(), flows.cast()
    cast.instrument.purposes = ["prevention"]
    cast.instrument.save()
    officer = cast.desk.unlocked(Client(), cast.officer)
    supervisor = cast.desk.unlocked(Client(), cast.supervisor)
    plain = {
        "partner": cast.partner.pk,
        "type": "information",
        "instrument": cast.instrument.pk,
        "purpose": "prevention",
        "urgency": "urgent_direct",
        "handling": "H1",
    }
    ground = {
        "transfer_ground": "safeguards",
        "transfer_decided_on_0": 1,
        "transfer_decided_on_1": 9,
        "transfer_decided_on_2": 2025,
    }

    def says(**other: object) -> dict[str, object]:
        words = {name: f"said {canaries.new()} here" for name in content.FIELDS}
        file = SimpleUploadedFile(f"{canaries.new()}.txt", canaries.new().encode() * 50)
        return {**plain, **words, "attached": file, **other}

    def word(**other: object) -> dict[str, object]:
        file = SimpleUploadedFile(f"{canaries.new()}.txt", canaries.new().encode() * 50)
        return {"text": f"said {canaries.new()} here", "attached": file, **other}

    def by() -> dict[str, object]:
        return {"channel": "siena", "channel_reference": canaries.new()}

    def does(client: Client, exchange: Exchange, *verbs: tuple[str, dict[str, object]]) -> None:
        for name, answers in verbs:
            answer = client.post(f"{LIST}{exchange.pk}/{name}/", answers)
            assert answer.status_code == 302, (
                name,
                answer.context and answer.context["form"].errors,
            )

    reading = ("open", {"reason": "answering the partner"})
    came = timezone.localtime() - timedelta(hours=9)
    receipt = {
        "received_at_0": came.strftime("%Y-%m-%d"),
        "received_at_1": came.strftime("%H:%M:%S"),
        "channel": "siena",
        "oral": "on",
    }
    with listening(canaries) as ear:
        officer.post(f"{LIST}draft/", says(**ground))
        out = Exchange.objects.get()
        # What is refused is shown again, and is no less secret.
        officer.post(f"{LIST}draft/", says(partner="nobody"))
        does(officer, out, reading, ("edit", says(version=1, **ground)))
        does(supervisor, out, reading, ("approve", {"version": 2, "checked": "on"}))
        does(
            officer,
            out,
            ("send", {"channel": "siena"}),
            ("ask_clarification", word()),
            ("draft_answer", word(version=0, handling="H1", limits=canaries.new())),
        )
        does(supervisor, out, ("approve_answer", {"version": 1, "checked": "on"}))
        does(
            officer,
            out,
            ("clarify", by()),
            ("answer_in_part", word()),
            ("answer", word()),
            ("record_consent", word(consent="conditional", uses=["body"])),
            ("close", {}),
        )
        told = says(**receipt)
        told.pop("justification")
        officer.post(f"{LIST}register/", told)
        came_in = Exchange.objects.get(direction="in")
        notice = f"notice {canaries.new()}"
        does(
            officer,
            came_in,
            reading,
            ("draft_notice", {"version": 0, "ground": "judicial", "text": notice}),
        )
        does(supervisor, came_in, reading, ("approve_notice", {"version": 1, "checked": "on"}))
        does(
            officer,
            came_in,
            ("pause", by()),
            ("resume", by()),
            ("draft_answer", word(version=0, handling="H1", limits=canaries.new())),
            ("draft_question", word(version=0)),
            ("confirm", word()),
            ("draft_refusal", word(version=0, ground="secrecy")),
        )
        does(supervisor, came_in, ("approve_refusal", {"version": 4, "checked": "on"}))
        does(officer, came_in, ("refuse", by()))
        assert canaries.mark in officer.get(f"{LIST}{came_in.pk}/change/").content.decode()
        export = {"to": "partner", "reason": "own file copy"}
        assert officer.post(f"{LIST}{out.pk}/export/", export)["Content-Type"] == "application/pdf"
        tasks.remind_due()
        outbox.deliver_open()
    assert ear.heard
    assert not ear.found
    assert not found(canaries)
