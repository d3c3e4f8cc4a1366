"""The development authority: made once, marked, encrypted, refused in production; its service."""

import http.client
import os
import socket
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import crl
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from mou.tokens import at_once
from portal import timestamps
from portal.authority import Authority, open_authority, revocation_list
from portal.authority_service import Service, _Refusal

DIGEST = b"\x07" * 32


def make(folder, **kwargs):
    details = {"address": "http://127.0.0.1:3180", "administration": "National Customs"}
    return open_authority(folder, **details | kwargs)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make(tmp_path_factory.mktemp("keys") / "authority")


def holders(authority: Authority):
    return [authority.root, authority.issuing, authority.seal, authority.timestamp]


def test_open_authority_marks_every_certificate(made):
    for holder in holders(made):
        assert "DEVELOPMENT" in holder.certificate.subject.rfc4514_string()


def test_open_authority_keeps_keys_encrypted_and_to_itself(made):
    assert stat.S_IMODE(made.folder.stat().st_mode) == 0o700
    for path in made.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for path in made.folder.glob("*.key"):
        assert path.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        with pytest.raises(TypeError):
            serialization.load_pem_private_key(path.read_bytes(), None)


def test_open_authority_again_gives_the_same(made):
    again = make(made.folder)
    assert [one.certificate for one in holders(again)] == [one.certificate for one in holders(made)]


def test_open_authority_lets_each_outlive_what_it_issues(made):
    lasts = [holder.certificate.not_valid_after_utc for holder in holders(made)]
    root, issuing, seal, stamp = lasts
    assert root > issuing > max(seal, stamp)
    assert stamp - datetime.now(UTC) > timedelta(days=365 * 10)


def test_open_authority_names_where_its_lists_are(made):
    for holder, name in ((made.issuing, "root"), (made.seal, "issuing")):
        points = holder.certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        (address,) = points.value[0].full_name
        assert address.value == f"http://127.0.0.1:3180/crl/{name}.crl"


def test_open_authority_in_production_is_refused(settings, tmp_path):
    settings.MODE = "production"
    with pytest.raises(ImproperlyConfigured, match="refused in production"):
        make(tmp_path / "authority")
    assert not (tmp_path / "authority").exists()


def test_open_authority_with_a_damaged_key_says_what_to_do(tmp_path):
    make(tmp_path / "authority")
    (tmp_path / "authority" / "seal.key").write_text("gone")
    with pytest.raises(ImproperlyConfigured, match="Remove that folder"):
        make(tmp_path / "authority")


OPEN = """
import sys, django
django.setup()
from pathlib import Path
from portal.authority import open_authority
made = open_authority(Path(sys.argv[1]), address="http://127.0.0.1:1", administration="-")
print(made.root.certificate.serial_number)
"""


def test_open_authority_by_processes_at_once_makes_one(tmp_path):
    folder = tmp_path / "authority"
    command = [sys.executable, "-c", OPEN, str(folder)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _each in range(3)
    ]
    serials = {process.communicate()[0] for process in running}
    assert [process.returncode for process in running] == [0] * 3
    assert len(serials) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["authority"]


# --- Its service ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["root", "issuing"])
def test_service_gives_a_fresh_list_signed_by_its_issuer(trust_service, name):
    status, kind, body = ask(trust_service, "GET", f"/crl/{name}.crl")
    assert (status, kind) == (200, "application/pkix-crl")
    found = crl.CertificateList.load(body)
    made_at = found["tbs_cert_list"]["this_update"].native
    assert abs(datetime.now(UTC) - made_at) < timedelta(seconds=5)
    issuer = getattr(trust_service.authority, name).certificate
    assert x509.load_der_x509_crl(body).is_signature_valid(issuer.public_key())


def test_service_stamps_what_it_is_asked(trust_service):
    token = at_once(trust_service.timestamper.async_timestamp(DIGEST, "sha256"))
    info = token["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert abs(datetime.now(UTC) - info["gen_time"].native) < timedelta(seconds=5)


def test_service_numbers_every_stamp_differently(trust_service):
    def serial():
        token = at_once(trust_service.timestamper.async_timestamp(DIGEST, "sha256"))
        return token["content"]["encap_content_info"]["content"].parsed["serial_number"].native

    assert len({serial() for _each in range(5)}) == 5


def test_service_answer_is_read_by_openssl(trust_service, tmp_path):
    _nonce, request = trust_service.timestamper.request_cms(DIGEST, "sha256")
    (tmp_path / "reply").write_bytes(
        ask(trust_service, "POST", "/tsa", request.dump(), "application/timestamp-query")[2]
    )
    root = trust_service.authority.folder / "root.pem"
    command = ["openssl", "ts", "-verify", "-digest", DIGEST.hex(), "-in", tmp_path / "reply"]
    done = subprocess.run([*command, "-CAfile", root], capture_output=True, text=True)
    assert "Verification: OK" in done.stdout, done.stderr


@pytest.mark.parametrize("body", [b"x", b"0" * 100, b"\x30\x80" * 50])
def test_service_refuses_what_is_no_request(trust_service, body):
    status, _kind, answer = ask(trust_service, "POST", "/tsa", body)
    assert status == 200
    assert _Refusal.load(answer)["status"]["status"].native == "rejection"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/tsa", 404),
        ("GET", "/crl/../passphrase", 404),
        ("POST", "/crl/root.crl", 404),
        ("POST", "/tsa", 413),
        ("DELETE", "/tsa", 501),
    ],
)
def test_service_answers_nothing_else(trust_service, method, path, status):
    body = bytes(100_000) if status == 413 else b""
    assert ask(trust_service, method, path, body)[0] == status


def test_service_listens_on_loopback_only(trust_service):
    assert trust_service.service.server_address[0] == "127.0.0.1"


def test_development_authority_on_a_taken_port_says_so(trust_service):
    with pytest.raises(CommandError, match="is taken: choose another"):
        call_command("development_authority", port=trust_service.port)


def test_development_authority_answers_until_it_is_ended(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "manage.py", "development_authority", "--port", str(port)]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONUNBUFFERED": "1",
        "PORTAL_TEST_FOLDER": str(tmp_path),
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as running:
        assert f"http://127.0.0.1:{port}" in running.stdout.readline()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/crl/root.crl")
        assert connection.getresponse().status == 200
        connection.close()
        running.terminate()


# --- Its client -------------------------------------------------------------------------------


def test_client_refuses_a_stamp_by_an_unknown_authority(trust_service, made):
    elsewhere = Service(made, 0)
    elsewhere.start()
    try:
        client = timestamps.HttpTimeStamper(
            f"{elsewhere.address}/tsa", roots=list(trust_service.roots.timestamps)
        )
        with pytest.raises(TimestampRequestError, match="not by an authority"):
            at_once(client.async_timestamp(DIGEST, "sha256"))
    finally:
        elsewhere.shutdown()
        elsewhere.server_close()


def test_client_refuses_a_stamp_on_something_else(trust_service):
    with stub(lambda request: other_stamp(trust_service)) as address:
        client = timestamps.HttpTimeStamper(address, roots=list(trust_service.roots.timestamps))
        with pytest.raises(TimestampRequestError):
            at_once(client.async_timestamp(DIGEST, "sha256"))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.0 500 No\r\n\r\n",
        b"HTTP/1.0 200 Yes\r\nContent-Type: text/html\r\n\r\n<p>Please log in</p>",
        b"HTTP/1.0 200 Yes\r\nContent-Type: application/timestamp-reply\r\n\r\n0000",
        b"",
        b"nonsense\r\n\r\n",
    ],
)
def test_client_takes_no_answer_but_a_stamp(trust_service, answer):
    with stub(lambda request: answer) as address:
        client = timestamps.HttpTimeStamper(address, roots=list(trust_service.roots.timestamps))
        with pytest.raises(TimestampRequestError):
            at_once(client.async_timestamp(DIGEST, "sha256"))


def test_client_waits_no_longer_than_its_time(trust_service):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/tsa"
        client = timestamps.HttpTimeStamper(
            address, roots=list(trust_service.roots.timestamps), timeout=0.2
        )
        begun = datetime.now(UTC)
        with pytest.raises(TimestampRequestError, match="does not answer"):
            at_once(client.async_timestamp(DIGEST, "sha256"))
    assert datetime.now(UTC) - begun < timedelta(seconds=3)
    assert timestamps.client().timeout <= 5


def test_revocation_list_numbers_grow(made):
    numbers = [
        x509.load_der_x509_crl(revocation_list(made, "issuing"))
        .extensions.get_extension_for_class(x509.CRLNumber)
        .value.crl_number
        for _each in range(2)
    ]
    assert numbers[0] < numbers[1]


# --- Helpers ----------------------------------------------------------------------------------


def ask(service, method, path, body=b"", kind="application/timestamp-query"):
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
    try:
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type"), answer.read()
    finally:
        connection.close()


def other_stamp(service):
    _nonce, request = service.timestamper.request_cms(b"\x08" * 32, "sha256")
    body = ask(service, "POST", "/tsa", request.dump())[2]
    head = b"HTTP/1.0 200 Yes\r\nContent-Type: application/timestamp-reply\r\n\r\n"
    return head + body


class stub:
    """A server that answers one request with these bytes."""

    def __init__(self, answer):
        self.answer = answer
        self.server = socket.create_server(("127.0.0.1", 0))

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/tsa"

    def serve(self):
        connection, _address = self.server.accept()
        with connection:
            connection.sendall(self.answer(connection.recv(65536)))

    def __exit__(self, *details):
        self.thread.join()
        self.server.close()
