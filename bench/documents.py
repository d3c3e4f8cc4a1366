"""Render, seal, sign and countersign: the document worker beside the libraries as documented."""

from __future__ import annotations

import datetime
import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

from bench.figures import in_turn, percentile, ratio, say
from bench.servers import FOLDER, SETTINGS
from setup.processes import end
from setup.steps import ROOT, Stop, environment

COMMON = FOLDER / "common"
PASSPHRASE = b"as commonly written"
WAYS = ("ours", "common")
ROUNDS = 20
WARM = 3


def make_common_keys() -> None:
    """A key and certificate for each signature: RSA with 3072 bits in PKCS#12, as openssl does."""
    COMMON.mkdir(parents=True, exist_ok=True)
    for font in (ROOT / "static-build" / "fonts").glob("*.ttf"):
        shutil.copy(font, COMMON)
    for name in ("seal", "business", "administration"):
        key = rsa.generate_private_key(65537, 3072)
        write_common_key(name, key, certificate(name, key))


def certificate(name: str, key: rsa.RSAPrivateKey) -> x509.Certificate:
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(
        issuer_name=named,
        subject_name=named,
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - datetime.timedelta(days=1),
        not_valid_after=now + datetime.timedelta(days=1),
    )
    return builder.sign(key, hashes.SHA256())


def write_common_key(name: str, key: rsa.RSAPrivateKey, certified: x509.Certificate) -> None:
    sealed = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048)
    sealed = sealed.key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
    data = pkcs12.serialize_key_and_certificates(
        name.encode(),
        key,
        certified,
        None,
        sealed.hmac_hash(hashes.SHA256()).build(PASSPHRASE),
    )
    (COMMON / f"{name}.p12").write_bytes(data)


class Worker:
    """One process that makes a document for each line that it is given."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    def make(self, line: str = "go") -> dict[str, Any]:
        if self.process.stdin is None or self.process.stdout is None:
            raise Stop("The process was started without its pipes.")
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Stop(f"the process that makes documents ended: see {self.log}.")
        found: dict[str, Any] = json.loads(answer)
        return found


@contextmanager
def worker(way: str) -> Iterator[Worker]:
    path = FOLDER / f"documents-{way}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.document_worker", way],
            cwd=ROOT,
            env=environment(SETTINGS),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            yield Worker(process, path)
        finally:
            end(process, grace=2)  # type: ignore[arg-type]


def documents() -> None:
    say("\nRender, seal, sign, countersign: our worker's speed ÷ the libraries as documented")
    make_common_keys()
    with ExitStack() as stack:
        workers = {way: stack.enter_context(worker(way)) for way in WAYS}
        for way in WAYS:
            for _number in range(WARM):
                workers[way].make()
            check(way, workers[way].make("look"))
        made: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for number in range(ROUNDS):
            for way in in_turn(WAYS, number):
                made[way].append(workers[way].make())
    report(made)


def check(way: str, one: dict[str, Any]) -> None:
    """Only the same work is compared."""
    if (one["pages"], one["signatures"], one["stamps"]) != (4, 3, 3):
        raise Stop(f"the document is not the one that was meant ({way}): {one}.")


def report(made: dict[str, list[dict[str, Any]]]) -> None:
    whole, alone, computed = (
        {way: [how(one) for one in made[way]] for way in WAYS}
        for how in (
            lambda one: one["seconds"],
            lambda one: one["seconds"] - one["stamping"],
            lambda one: one["computed"],
        )
    )
    say(str(ratio("4 pages, 3 signatures, 3 stamps", whole["common"], whole["ours"])))
    wanted = "wanted ≥ 2.5"
    say(str(ratio("the same without the stamps' time", alone["common"], alone["ours"], wanted)))
    say(str(ratio("the same, by time computed", computed["common"], computed["ours"])))
    for way in WAYS:
        middle = statistics.median(whole[way])
        say(f"  {f'one document, {way}, ms':<58} {middle * 1000:6.0f}")
    shares = [
        percentile(times["ours"], 0.95) / percentile(times["ours"], 0.5)
        for times in (whole, computed)
    ]
    say(f"  {'ours, p95 ÷ p50':<58} {shares[0]:6.2f}   wanted ≤ 1.1")
    say(f"  {'ours, p95 ÷ p50 by time computed':<58} {shares[1]:6.2f}")
    peak = max(one["peak_mb"] for one in made["ours"])
    say(f"  {'peak memory of our worker, MB':<58} {peak:6.0f}   wanted ≤ 200")
