"""The development authority's service on loopback: RFC 3161 time stamps and revocation lists."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute

from portal.authority import Authority, Holder, revocation_list

LARGEST_REQUEST = 4096
DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64}
# An arc of our own under 2.25 (numbers made from a UUID need no registration).
POLICY = "2.25.310541927605212817520331784907652193481"


class Service(ThreadingHTTPServer):
    """Answers POST /tsa and GET /crl/….crl; `address` is where."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, authority: Authority, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.authority = authority
        self.stamper = Stamper(authority)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> Thread:
        """Answer in a thread of this process until `shutdown`."""
        thread = Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        return thread


class _Handler(BaseHTTPRequestHandler):
    server: Service
    timeout = 10

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != "/tsa" or not 0 < length <= LARGEST_REQUEST:
            self.send_error(404 if self.path != "/tsa" else 413)
            return
        reply = self.server.stamper.reply(self.rfile.read(length))
        self._answer("application/timestamp-reply", reply)

    def do_GET(self) -> None:
        lists = {"/crl/root.crl": "root", "/crl/issuing.crl": "issuing"}
        if self.path not in lists:
            self.send_error(404)
            return
        self._answer(
            "application/pkix-crl", revocation_list(self.server.authority, lists[self.path])
        )

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who asks for a stamp is nobody's business."""


class Stamper:
    """Makes time stamp tokens with a key held in memory."""

    def __init__(self, authority: Authority) -> None:
        self.key = authority.timestamp.key
        self.certificate = _asn1(authority.timestamp)
        self.certificates = [self.certificate, _asn1(authority.issuing)]

    def reply(self, request: bytes) -> bytes:
        """The answer to a request, both DER; a request it cannot serve is refused, not ignored."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            fits = DIGEST_SIZES.get(algorithm) == len(imprint["hashed_message"].native)
            if not fits:
                return _refusal("bad_alg")
            return self._granted(asked)
        except (ValueError, TypeError, KeyError):
            return _refusal("bad_data_format")

    def _granted(self, asked: tsp.TimeStampReq) -> bytes:
        now = datetime.now(UTC)
        info: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(120),
            "gen_time": core.GeneralizedTime(now.replace(microsecond=0)),
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"]
        content = tsp.TSTInfo(info).dump()
        answer = {"status": {"status": "granted"}, "time_stamp_token": self._token(content)}
        return bytes(tsp.TimeStampResp(answer).dump())

    def _token(self, content: bytes) -> cms.ContentInfo:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(content)
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("message_digest", digest.finalize()),
                simple_cms_attribute(
                    "signing_certificate_v2", as_signing_certificate_v2(self.certificate)
                ),
            ]
        )
        name = {
            "issuer": self.certificate.issuer,
            "serial_number": self.certificate.serial_number,
        }
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": name}),
            "digest_algorithm": sha256,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signed_attrs": attributes,
            "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        data = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": cms.ParsableOctetString(content),
            },
            "certificates": self.certificates,
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def _asn1(holder: Holder) -> x509.Certificate:
    return x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))


def _refusal(reason: str) -> bytes:
    return bytes(_Refusal({"status": {"status": "rejection", "fail_info": {reason}}}).dump())


class _Refusal(core.Sequence):
    """An answer without a stamp: the library's own wants one always."""

    _fields = [("status", tsp.PKIStatusInfo)]
