"""What browsers are told, and which keys are used and believed."""

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.settings.base import PRODUCTION, VAR, env, required_in_production

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # The browsers' preload list takes a whole domain for good: its owner decides, not we.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "worker-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

KEY_BACKEND = required_in_production("KEY_BACKEND", "embedded")
if PRODUCTION and KEY_BACKEND == "embedded":
    raise ImproperlyConfigured(
        "KEY_BACKEND embedded is for development: set pkcs12 or pkcs11 in production."
    )
AUTHORITY_PORT = env.int("AUTHORITY_PORT", default=3180)
TIMESTAMP_URL = required_in_production("TIMESTAMP_URL", f"http://127.0.0.1:{AUTHORITY_PORT}/tsa")
# What signatures and time stamps must lead back to; public, so that every face can verify.
KEY_ROOTS_FILE = required_in_production(
    "KEY_ROOTS_FILE", str(VAR / "keys" / "authority" / "root.pem")
)
TIMESTAMP_ROOTS_FILE = env("TIMESTAMP_ROOTS_FILE", default=KEY_ROOTS_FILE)
# Read by mou/keys.py in the document worker alone: the other faces need and get none of these.
KEY_SEAL = env("KEY_SEAL", default="")  # PKCS#12 file, or label in the module
KEY_ISSUING = env("KEY_ISSUING", default="")  # the same
KEY_PASSPHRASE = env("KEY_PASSPHRASE", default="")  # of the files, or PIN of the module
KEY_CRL_URL = env("KEY_CRL_URL", default="")  # revocation list of the issuing authority
PKCS11_MODULE = env("PKCS11_MODULE", default="")
PKCS11_TOKEN = env("PKCS11_TOKEN", default="")

# Which public keys are believed: signed offline by the key whose public half is PINS_ROOT.
PINS_FILE = env("PINS_FILE", default=str(VAR / "keys" / "pins.json"))
PINS_ROOT = required_in_production("PINS_ROOT", "")
# clamd, by the path of its socket or as host:port; empty: files are taken unscanned, and say so.
SCANNER_SOCKET = env("SCANNER_SOCKET", default="")

# Officers get one letter a day at this time by the clock on the wall, whatever happened.
DIGEST_AT = env("DIGEST_AT", default="07:00")
