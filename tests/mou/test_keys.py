"""Where keys come from: made for development, files, a hardware module; missing is an error."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.x509 import decode_x509_certificate

from mou import keys as key_store
from mou import signing, verification
from mou.deploy_checks import authority_is_real
from tests.agreement import BUSINESS


def test_load_in_files_sign_like_the_embedded(papers, trust_service, settings, tmp_path):
    settings.KEY_BACKEND = "pkcs12"
    for name, setting in (("seal", "KEY_SEAL"), ("issuing", "KEY_ISSUING")):
        path = tmp_path / f"{name}.p12"
        path.write_bytes(packed(getattr(trust_service.authority, name), b"file passphrase"))
        setattr(settings, setting, str(path))
    settings.KEY_PASSPHRASE = "file passphrase"
    settings.KEY_CRL_URL = f"http://127.0.0.1:{trust_service.port}/crl/issuing.crl"
    assert_signs(key_store.load(), papers, trust_service)


def test_load_in_a_module_sign_like_the_embedded(papers, trust_service, settings, module):
    settings.KEY_BACKEND = "pkcs11"
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = str(module), "portal"
    settings.KEY_SEAL, settings.KEY_ISSUING, settings.KEY_PASSPHRASE = "seal", "issuing", "1234"
    settings.KEY_CRL_URL = f"http://127.0.0.1:{trust_service.port}/crl/issuing.crl"
    assert_signs(key_store.load(), papers, trust_service)


@pytest.mark.parametrize(
    ("backend", "sentence"),
    [("pkcs12", "needs KEY_SEAL"), ("pkcs11", "needs PKCS11_MODULE"), ("paper", "set pkcs12")],
)
def test_load_that_are_missing_are_an_error(settings, backend, sentence):
    settings.KEY_BACKEND = backend
    with pytest.raises(key_store.KeysMissing, match=sentence):
        key_store.load()


def test_load_in_an_unreadable_file_are_an_error(settings, tmp_path):
    settings.KEY_BACKEND = "pkcs12"
    settings.KEY_SEAL = settings.KEY_ISSUING = str(tmp_path / "none.p12")
    settings.KEY_PASSPHRASE, settings.KEY_CRL_URL = "x", "http://127.0.0.1/crl"
    with pytest.raises(key_store.KeysMissing, match="cannot be opened"):
        key_store.load()


def test_load_in_a_module_with_a_wrong_pin_are_an_error(settings, module):
    settings.KEY_BACKEND = "pkcs11"
    settings.PKCS11_MODULE, settings.PKCS11_TOKEN = str(module), "portal"
    settings.KEY_SEAL, settings.KEY_ISSUING, settings.KEY_PASSPHRASE = "seal", "issuing", "0000"
    settings.KEY_CRL_URL = "http://127.0.0.1/crl"
    with pytest.raises(key_store.KeysMissing, match="cannot be opened"):
        key_store.load()


def test_load_of_development_are_refused_in_production(settings, trust_service):
    settings.MODE = "production"
    key_store.forget()
    with pytest.raises(key_store.KeysMissing, match="refused in production"):
        key_store.load()


def test_check_refuses_the_development_authority_and_its_roots(settings, trust_service, tmp_path):
    roots = tmp_path / "root.pem"
    certificate = trust_service.authority.root.certificate
    roots.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    settings.KEY_ROOTS_FILE, settings.TIMESTAMP_ROOTS_FILE = str(roots), str(tmp_path / "none.pem")
    settings.KEY_BACKEND = "embedded"
    assert [one.id for one in authority_is_real(None)] == ["mou.E001", "mou.E003", "mou.E002"]


def test_check_of_real_keys_and_roots_is_silent(settings, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Customs root")])
    today = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, today, today)
    roots = tmp_path / "root.pem"
    signed = built.sign(key, hashes.SHA256())
    roots.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    settings.KEY_BACKEND = "pkcs11"
    settings.KEY_ROOTS_FILE = settings.TIMESTAMP_ROOTS_FILE = str(roots)
    assert authority_is_real(None) == []


@pytest.fixture(autouse=True)
def forgotten_keys():
    """Each test loads the keys that its settings name."""
    yield
    key_store.forget()


@pytest.fixture
def module(trust_service, tmp_path, monkeypatch):
    """A token of SoftHSM that holds the authority's seal and issuing keys."""
    library = next(Path("/usr/lib").glob("**/libsofthsm2.so"))
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    run = ["softhsm2-util", "--init-token", "--free", "--label", "portal"]
    subprocess.run([*run, "--so-pin", "4321", "--pin", "1234"], check=True, capture_output=True)
    fill_token(library, trust_service.authority)
    return library


def fill_token(library, authority):
    token = pkcs11.lib(str(library))
    token.reinitialize()
    with token.get_token(token_label="portal").open(user_pin="1234", rw=True) as session:
        for name in ("seal", "issuing"):
            holder = getattr(authority, name)
            key = holder.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.TraditionalOpenSSL,
                serialization.NoEncryption(),
            )
            stored = decode_ec_private_key(key) | {pkcs11.Attribute.TOKEN: True}
            session.create_object(stored | {pkcs11.Attribute.LABEL: name})
            der = holder.certificate.public_bytes(serialization.Encoding.DER)
            stored = decode_x509_certificate(der) | {pkcs11.Attribute.TOKEN: True}
            session.create_object(stored | {pkcs11.Attribute.LABEL: name})


def packed(holder, passphrase):
    encryption = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(
        b"key", holder.key, holder.certificate, None, encryption
    )


def assert_signs(keys, papers, service):
    pdf = signing.certify(papers.rendered, keys=keys, at=datetime.now(UTC))
    pdf = signing.stamp(pdf, field="seal", timestamper=service.timestamper)
    pdf = signing.sign(pdf, field="business", signer=BUSINESS, reason="-", keys=keys)
    found = verification.verify(pdf, roots=service.roots)
    assert [one.is_valid for one in found.signatures] == [True, True]
    assert found.signatures[1].who == BUSINESS.name
