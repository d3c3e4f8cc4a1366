"""The client of the time stamp authority: RFC 3161 over HTTP, every answer checked before use."""

from __future__ import annotations

import asyncio
import http.client
import logging
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import cms, pem, tsp, x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from portal.authority import development
from portal.errors import DomainError

log = logging.getLogger(__name__)

TIMEOUT = 5.0
LARGEST_REPLY = 64 * 1024


class TimestampUnavailable(DomainError):
    """No time stamp can be had now; what waits for it is tried again."""

    def __init__(self, cause: object = "") -> None:
        super().__init__(
            _("The time stamp service does not answer. This is tried again by itself.")
        )
        self.cause = str(cause)


class HttpTimeStamper(TimeStamper):
    """Asks one authority; raises TimestampRequestError for every answer that is not a valid stamp.

    `roots` are the certificates that its stamps must lead back to.
    """

    def __init__(
        self, url: str, *, roots: list[x509.Certificate], timeout: float = TIMEOUT
    ) -> None:
        super().__init__()
        self.url = url
        self.roots = roots
        self.timeout = timeout

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        body = _post(self.url, req.dump(), self.timeout)
        try:
            return tsp.TimeStampResp.load(body, strict=True)
        except ValueError as error:
            raise TimestampRequestError("The answer is no time stamp response.") from error

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over this digest, its imprint, signature and certificate checked."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            await self._check(token, message_digest)
        except TimestampRequestError:
            raise
        except Exception as error:  # whatever a broken answer sets off while it is read
            log.warning("Unusable time stamp: %s", error)
            raise TimestampRequestError("The time stamp is not valid.") from error
        return token

    async def _check(self, token: cms.ContentInfo, digest: bytes) -> None:
        context = ValidationContext(trust_roots=self.roots, revocation_mode="soft-fail")
        found: dict[str, Any] = await validate_tst_signed_data(
            token["content"], context, lambda algorithm: digest
        )
        status = TimestampSignatureStatus(**found)
        if not (status.valid and status.intact and status.trusted):
            raise TimestampRequestError("The time stamp is not by an authority that we trust.")


def _post(url: str, body: bytes, timeout: float) -> bytes:
    parts = urlsplit(url)
    kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kinds[parts.scheme](parts.netloc, timeout=timeout)
    headers = {
        "Content-Type": "application/timestamp-query",
        "Accept": "application/timestamp-reply",
    }
    try:
        connection.request("POST", parts.path or "/", body, headers)
        with connection.getresponse() as answer:
            kind = answer.getheader("Content-Type", "").partition(";")[0]
            if answer.status != 200 or kind != "application/timestamp-reply":
                raise TimestampRequestError(f"The service answered {answer.status} {kind}.")
            return answer.read(LARGEST_REPLY)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, TimestampRequestError):
            raise
        raise TimestampRequestError(f"The time stamp service does not answer: {error}") from error
    finally:
        connection.close()


def certificates(path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file."""
    found = pem.unarmor(path.read_bytes(), multiple=True)
    return [x509.Certificate.load(data) for _name, _headers, data in found]


def roots() -> list[x509.Certificate]:
    """The certificates that time stamps must lead back to."""
    path = Path(settings.TIMESTAMP_ROOTS_FILE)
    if not path.exists() and settings.KEY_BACKEND == "embedded":
        development()
    return certificates(path)


def client() -> HttpTimeStamper:
    """The configured authority's client."""
    return HttpTimeStamper(settings.TIMESTAMP_URL, roots=roots())


def at_once(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end, in a thread of its own: the caller's may have a loop already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
