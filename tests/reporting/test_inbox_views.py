"""The pages of the inbox: opened by the code, kept for a while, answered, left."""

import io

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from portal import limits
from portal.sealing import SealBroken
from reporting import content as contents
from reporting import envelopes, receipts, visits
from reporting.actions.conversation import reply
from reporting.actions.filing import file_report
from reporting.forms.inbox import slip
from reporting.models import Envelope, Kind, Report
from tests.challenges import answers
from tests.reporting.test_filing import read, told

pytestmark = pytest.mark.django_db
FILES = "inbox files"


@pytest.fixture
def filed(desk):
    return file_report(content=told(), identity=None)


def enter(client, code, **more):
    return client.post(reverse("inbox"), {"code": code, **more}, follow=True)


@pytest.fixture
def visitor(client, filed):
    """A browser in which the inbox is open."""
    enter(client, filed.receipt)
    return client


def messages():
    return Envelope.objects.filter(kind=Kind.MESSAGE)


# --- Opening ----------------------------------------------------------------------------------


def written(receipt):
    plain = receipt.replace("-", "")
    return [
        receipt.lower(),
        plain,
        f"  {receipt.replace('-', ' ')} ",
        plain.replace("0", "O").replace("1", "l"),
        " ".join(plain),
    ]


@pytest.mark.parametrize("way", range(5))
def test_open_with_the_code_however_it_is_written(client, filed, way):
    page = enter(client, written(filed.receipt)[way])
    assert filed.reference in page.content.decode()
    assert filed.receipt not in page.content.decode()


def test_open_with_a_wrong_code_says_no_more_than_that(client, filed):
    page = enter(client, receipts.new())
    assert "No report has this code" in page.content.decode()
    assert settings.INBOX_COOKIE_NAME not in client.cookies


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code"),
        ("ABCDE-FGHJ-ABCDE-ABCDE-ABCDE", "group 2"),
        ("ABCDE FGHJK ABCDE ABCDE ABCDU", "group 5"),
        ("AB*DE FGHJK ABCDE ABCD! ABCDE", "groups 1, 4"),
        ("ABCDEFGHJK", "25 characters. These are 10."),
        ("A" * 26, "These are 26."),
    ],
)
def test_open_with_a_slip_says_where_it_is(client, desk, typed, said):
    page = enter(client, typed).content.decode()
    assert said in page
    assert f'value="{typed}"' in page or not typed


def test_slip_that_only_the_check_finds_is_told_as_such():
    receipt = receipts.new()
    wrong = receipt[:-1] + ("A" if receipt[-1] != "A" else "B")
    assert "slip" in slip(wrong)


def test_open_after_a_thousand_wrong_codes_from_here_and_from_elsewhere(client, filed):
    wrong = receipts.new()
    for _ in range(1000):
        client.post(reverse("inbox"), {"code": wrong}, REMOTE_ADDR="192.0.2.7")
    for address in ("192.0.2.7", "198.51.100.9"):
        page = client.post(
            reverse("inbox"), {"code": filed.receipt}, follow=True, REMOTE_ADDR=address
        )
        assert filed.reference in page.content.decode()
        client.post(reverse("inbox_leave"))


def test_wrong_codes_make_challenges_harder(rf, client, desk):
    for _ in range(100):
        client.post(reverse("inbox"), {"code": receipts.new()}, REMOTE_ADDR="192.0.2.7")
    request = rf.get("/")
    request.bucket = limits.bucket("192.0.2.7")
    assert limits.difficulty(request) >= 1


# --- Staying and leaving ----------------------------------------------------------------------


def test_receipt_travels_sealed_in_a_cookie_of_the_inbox_alone(visitor, filed):
    cookie = visitor.cookies[settings.INBOX_COOKIE_NAME]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == (
        "/report/inbox/",
        "Strict",
        True,
    )
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert filed.receipt not in cookie.value
    assert set(visitor.cookies) == {settings.INBOX_COOKIE_NAME}


def test_visit_ends_after_fifteen_minutes_and_keeps_what_was_written(visitor, filed, monkeypatch):
    later = visits.time.time() + visits.IDLE_SECONDS + 1
    monkeypatch.setattr(visits.time, "time", lambda: later)
    page = visitor.post(reverse("inbox_message"), {"text": "It leaves <tonight>"}).content.decode()
    assert "15 minutes" in page
    assert "It leaves &lt;tonight&gt;" in page
    page = enter(visitor, filed.receipt, text="It leaves <tonight>").content.decode()
    assert "It leaves &lt;tonight&gt;" in page
    assert filed.reference in page
    assert not messages().exists()


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "=" * 9, "é"])
def test_visit_with_a_cookie_that_is_not_ours_asks_for_the_code(client, desk, cookie):
    client.cookies[settings.INBOX_COOKIE_NAME] = cookie
    assert 'name="code"' in client.get(reverse("inbox")).content.decode()


def test_visit_with_a_cookie_of_another_key_asks_for_the_code(visitor, settings):
    settings.SECRET_KEY = "another" * 8
    assert 'name="code"' in visitor.get(reverse("inbox")).content.decode()


@pytest.mark.parametrize("way_out", ["inbox_leave", "report_leave"])
def test_leave_forgets_the_receipt(visitor, way_out):
    visitor.post(reverse(way_out))
    assert visitor.cookies[settings.INBOX_COOKIE_NAME].value == ""
    assert 'name="code"' in visitor.get(reverse("inbox")).content.decode()


# --- Reading ----------------------------------------------------------------------------------


def test_read_a_reply_and_not_the_report(visitor, desk):
    report = Report.objects.get()
    keys = desk.keys_of(desk.officer)
    reply(report=report, keys=keys, by=desk.officer, text="Which <door>?", asks=True)
    page = visitor.get(reverse("inbox")).content.decode()
    assert "Which &lt;door&gt;?" in page
    assert "Asks you something" in page
    assert "Boxes without papers" not in page
    assert desk.officer.name not in page


def test_read_a_forged_reply_is_refused_in_words(visitor, desk):
    report = Report.objects.get()
    public = envelopes.reporter(bytes(report.reporter.public))
    signer = ("unit:desk#1", b"f" * 32)
    envelope, slots = envelopes.sealed(
        report.pk,
        Kind.REPLY,
        contents.dump({"version": 1, "text": "Meet me at the quay"}),
        unit="desk",
        also=[public],
        signer=signer,
    )
    envelope.save(force_insert=True)
    for slot in slots:
        slot.save(force_insert=True)
    page = visitor.get(reverse("inbox")).content.decode()
    assert "could not be verified" in page
    assert "quay" not in page


def test_read_after_erasure_says_so(visitor):
    Report.objects.update(status="erased")
    page = visitor.get(reverse("inbox")).content.decode()
    assert "has been erased under the rules" in page
    assert "<textarea" not in page
    visitor.post(reverse("inbox_message"), {"text": "One thing more"})
    assert not messages().exists()


# --- Writing ----------------------------------------------------------------------------------


def test_send_a_message_that_the_desk_reads(visitor, desk):
    page = visitor.post(reverse("inbox_message"), {"text": "It leaves tonight"}, follow=True)
    assert "has been sent" in page.content.decode()
    assert "It leaves tonight" not in page.content.decode()
    assert contents.load(read(desk, messages().get()))["text"] == "It leaves tonight"


def test_message_is_signed_by_what_came_with_the_report(visitor, desk):
    visitor.post(reverse("inbox_message"), {"text": "It leaves tonight"})
    envelope = messages().get()
    seeds = desk.keys_of(desk.officer).seeds
    content = contents.load(read(desk, Envelope.objects.get(kind=Kind.REPORT)))
    slots = list(envelope.slots.all())
    verifier = envelopes.reporter_verifier(content)
    assert b"tonight" in envelopes.opened(envelope, slots, seeds, verifier=verifier)
    with pytest.raises(SealBroken):
        envelopes.opened(envelope, slots, seeds, verifier=b"f" * 32)


@pytest.mark.parametrize(
    ("text", "said"), [("   ", "Write a message"), ("a" * 10_001, "10000 characters at most")]
)
def test_send_what_is_no_message_keeps_it(visitor, text, said):
    page = visitor.post(reverse("inbox_message"), {"text": text}).content.decode()
    assert said in page
    assert text.strip() in page
    assert not messages().exists()


def test_send_without_believed_keys_keeps_the_words(visitor, settings, tmp_path):
    settings.PINS_FILE = str(tmp_path / "none.json")
    envelopes.pins.forget()
    page = visitor.post(reverse("inbox_message"), {"text": "It leaves tonight"}).content.decode()
    assert "could not be protected" in page
    assert "It leaves tonight" in page


def test_send_from_elsewhere_is_refused(visitor):
    answer = visitor.post(
        reverse("inbox_message"), {"text": "Forged"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403
    assert not messages().exists()


def test_send_under_flood_asks_for_a_challenge_and_keeps_the_words(visitor, desk):
    limits.counters.add("", 10_000)
    page = visitor.post(reverse("inbox_message"), {"text": "It leaves tonight"})
    assert "It leaves tonight" in page.content.decode()
    assert not messages().exists()
    given = answers(page.content.decode(), "inbox")
    visitor.post(reverse("inbox_message"), {"text": "It leaves tonight", **given})
    assert messages().count() == 1


# --- Files ------------------------------------------------------------------------------------


def photo():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "JPEG")
    file.name = "photo.jpg"
    file.seek(0)
    return file


@pytest.fixture
def proved(visitor):
    page = visitor.post(reverse("inbox_files"), {"text": "With a photo"})
    assert "With a photo" in page.content.decode()
    page = visitor.post(
        reverse("inbox_files"), {"text": "With a photo", **answers(page.content.decode(), FILES)}
    )
    assert 'type="file"' in page.content.decode()
    assert "With a photo" in page.content.decode()
    return visitor


def test_send_a_file_after_one_challenge(proved, desk):
    attached = {"text": "With a photo", "attached": photo()}
    proved.post(reverse("inbox_message"), attached)
    (entry,) = contents.load(read(desk, messages().get()))["files"]
    assert (entry["name"], entry["kind"]) == ("photo.jpg", "jpeg")
    part = Envelope.objects.get(pk=entry["original"][0])
    assert read(desk, part) == photo().read()


def test_send_files_again_with_an_old_cookie_is_refused(proved, desk):
    """One challenge lets in one message with files, however often its cookie is sent."""
    cookie = proved.cookies[settings.INBOX_COOKIE_NAME].value
    proved.post(reverse("inbox_message"), {"text": "With a photo", "attached": photo()})
    proved.cookies[settings.INBOX_COOKIE_NAME] = cookie
    page = proved.post(reverse("inbox_message"), {"text": "And another", "attached": photo()})
    assert "Show once more that you are a person" in page.content.decode()
    assert "And another" in page.content.decode()
    assert messages().count() == 1
    assert Envelope.objects.filter(kind=Kind.PART).count() == 1


def test_send_a_file_without_a_challenge_takes_the_words_alone(visitor, desk):
    visitor.post(reverse("inbox_message"), {"text": "With a photo", "attached": photo()})
    assert contents.load(read(desk, messages().get()))["files"] == []
    assert not Envelope.objects.filter(kind=Kind.PART).exists()


def test_send_a_file_that_is_refused_keeps_the_words(proved):
    bad = io.BytesIO(b"MZ\x90\x00" + bytes(200))
    bad.name = "tool.exe"
    page = proved.post(
        reverse("inbox_message"), {"text": "With a tool", "attached": bad}
    ).content.decode()
    assert "tool.exe" in page
    assert "With a tool" in page
    assert not messages().exists()


def test_wrong_challenge_before_files_keeps_the_words(visitor):
    page = visitor.post(reverse("inbox_files"), {"text": "With a photo"})
    given = answers(page.content.decode(), FILES) | {"challenge_answer": "wrong"}
    page = visitor.post(reverse("inbox_files"), {"text": "With a photo", **given}).content.decode()
    assert "With a photo" in page
    assert 'type="file"' not in page
