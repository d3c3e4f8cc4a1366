"""A running development authority for tests: keys of its own, time stamps, revocation lists.

    from tests.authority import trust_service  # noqa: F401  (or in conftest.py)

With the fixture, `keys.load()` and `timestamps.client()` use this authority.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings

from mou import keys
from mou.keys import Keys
from mou.tokens import Roots
from portal import timestamps
from portal.authority import Authority, development
from portal.authority_service import Service


@dataclass
class TrustService:
    """The authority and its service, which a test may stop and start again."""

    authority: Authority
    port: int
    service: Service | None = None

    @property
    def keys(self) -> Keys:
        return keys.of_authority(self.authority, f"127.0.0.1:{self.port}")

    @property
    def roots(self) -> Roots:
        return self.keys.roots

    @property
    def timestamper(self) -> timestamps.HttpTimeStamper:
        url = f"http://127.0.0.1:{self.port}/tsa"
        return timestamps.HttpTimeStamper(url, roots=list(self.roots.timestamps))

    def start(self) -> None:
        self.service = Service(self.authority, self.port)
        self.port = self.service.server_port
        self.service.start()

    def stop(self) -> None:
        """From now on nobody answers at its port."""
        if self.service is not None:
            self.service.shutdown()
            self.service.server_close()
            self.service = None


@pytest.fixture(scope="session")
def trust_service() -> Iterator[TrustService]:
    running = TrustService(development(), 0)
    running.start()
    # Processes that a test starts read the same from their environment.
    os.environ["AUTHORITY_PORT"] = str(running.port)
    os.environ["TIMESTAMP_URL"] = f"http://127.0.0.1:{running.port}/tsa"
    settings.AUTHORITY_PORT = running.port
    settings.TIMESTAMP_URL = os.environ["TIMESTAMP_URL"]
    yield running
    running.stop()
