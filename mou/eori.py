"""Whether an EORI number exists: asks the Commission's service, and never guesses from a fault."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _

from mou.models import EoriResult

NAMESPACE = "http://eori.ws.eos.dds.s/"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    f'<ev:validateEORI xmlns:ev="{NAMESPACE}"><ev:eori>%s</ev:eori></ev:validateEORI>'
    "</soap:Body></soap:Envelope>"
)
# The service's words for what it knows; anything else is no answer.
RESULTS = {"0": EoriResult.VALID, "1": EoriResult.INVALID}
LARGEST = 64_000


@dataclass(frozen=True)
class Answer:
    """What was answered, in one of three ways, and the words for it."""

    result: str
    response: str


class Verifier(Protocol):
    """Whoever can say whether a number exists."""

    def verify(self, eori: str) -> Answer: ...


class CommissionService:
    """The EORI validation service of the Commission, over SOAP 1.1."""

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self.timeout = url, timeout

    def verify(self, eori: str) -> Answer:
        """A fault, a timeout or an answer about something else is unknown, never valid."""
        try:
            status, body = self._ask(ENVELOPE % escape(eori))
        except (OSError, http.client.HTTPException) as error:
            return _unknown(_("The service did not answer: %s") % type(error).__name__)
        if status != 200:
            return _unknown(_("The service answered with an error (%s).") % status)
        try:
            return _read(body, eori)
        except (ElementTree.ParseError, ValueError):
            return _unknown(_("The service’s answer could not be read."))

    def _ask(self, envelope: str) -> tuple[int, bytes]:
        place = urlsplit(self.url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        until = time.monotonic() + self.timeout
        connection = kinds[place.scheme](place.netloc, timeout=self.timeout)
        try:
            headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
            connection.request("POST", place.path or "/", envelope.encode(), headers)
            answer = connection.getresponse()
            body = b""
            # The limit holds for all of it, or a byte now and then would hold a worker for ever.
            while chunk := answer.read1(8192):
                body += chunk
                if len(body) > LARGEST:
                    raise http.client.HTTPException("too long")
                if time.monotonic() > until:
                    raise TimeoutError
            return answer.status, body
        finally:
            connection.close()


def _read(body: bytes, eori: str) -> Answer:
    # As text, so that no encoding which the answer names hides a declaration or is looked up.
    text = body.decode("utf-8-sig")
    if "<!" in text or "\x00" in text:
        raise ValueError("a declaration has no place in an answer")
    results = [one for one in ElementTree.fromstring(text).iter() if _name(one) == "result"]  # noqa: S314 - without declarations, and of bounded size
    for one in results:
        told = {_name(child): (child.text or "").strip() for child in one}
        if told.get("eori", "").upper() != eori.upper():
            continue
        said = " · ".join(
            told[name]
            for name in ("statusDescr", "name", "street", "postalCode", "city", "country")
            if told.get(name)
        )
        return Answer(RESULTS.get(told.get("status", ""), EoriResult.UNKNOWN), said[:1000])
    return _unknown(_("The service said nothing about this number."))


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _unknown(why: str) -> Answer:
    return Answer(EoriResult.UNKNOWN, why)


def verifier() -> Verifier | None:
    """The service that is configured; None where numbers are checked by hand only."""
    if not settings.EORI_SERVICE_URL:
        return None
    return CommissionService(settings.EORI_SERVICE_URL, settings.EORI_SERVICE_SECONDS)
