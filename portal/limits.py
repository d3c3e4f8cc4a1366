"""How hard the challenge is now: counters in this process's memory that only ever slow down.

Nobody is locked out and nothing is closed: more challenges make the next ones longer. Nothing here
is stored, shared or logged, and no address is kept: see docs/decisions/no-trace.md.
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

HARDEST = 3
# What counts for how much. Without script there is no proof of work: such an answer weighs more.
WEIGHTS = {"shown": 1, "wrong": 2, "solved": 1, "solved without work": 2, "sound": 1, "word": 1}
# After this long, half of what was counted is forgotten.
HALF_LIFE_SECONDS = 300
# More buckets than this are not remembered: the oldest goes. About a megabyte.
MOST_BUCKETS = 10_000
# How often one sound can be asked for: a person hears it again, and a player asks in parts.
LISTENS = 30


@dataclass
class Counter:
    """A number that fades."""

    value: float = 0.0
    at: float = 0.0

    def now(self, moment: float) -> float:
        return self.value * 0.5 ** (max(0.0, moment - self.at) / HALF_LIFE_SECONDS)

    def add(self, weight: float, moment: float) -> None:
        self.value, self.at = self.now(moment) + weight, moment


class Counters:
    """One for everybody together and one for each bucket, for as long as this key lasts."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.everybody = Counter()
        self.buckets: OrderedDict[str, Counter] = OrderedDict()
        self.listens: OrderedDict[str, int] = OrderedDict()
        self._day = datetime.date.min
        self._key = b""

    def bucket(self, source: str) -> str:
        """A name for this source that nobody can turn back, not even this process tomorrow."""
        if not source:
            return ""
        with self._lock:
            today = datetime.datetime.now(datetime.UTC).date()
            if today != self._day:
                self._day, self._key = today, secrets.token_bytes(32)
                self.buckets.clear()
            return hmac.new(self._key, _network(source), hashlib.sha256).hexdigest()[:24]

    def add(self, bucket: str, weight: float) -> None:
        moment = time.monotonic()
        with self._lock:
            self.everybody.add(weight, moment)
            if bucket:
                self.buckets.setdefault(bucket, Counter()).add(weight, moment)
                self.buckets.move_to_end(bucket)
                if len(self.buckets) > MOST_BUCKETS:
                    self.buckets.popitem(last=False)

    def listen(self, key: str) -> bool:
        with self._lock:
            count = self.listens[key] = self.listens.get(key, 0) + 1
            if len(self.listens) > MOST_BUCKETS:
                self.listens.popitem(last=False)
        return count <= LISTENS

    def level(self, bucket: str) -> int:
        moment = time.monotonic()
        with self._lock:
            everybody = self.everybody.now(moment)
            own = self.buckets[bucket].now(moment) if bucket in self.buckets else 0.0
        return max(
            _step(everybody, settings.CHALLENGE_FLOOD), _step(own, settings.CHALLENGE_BUCKET_FLOOD)
        )


counters = Counters()


def bucket(source: str) -> str:
    """The bucket of an address or of the proxy's crowd; for IntakeMiddleware alone."""
    return counters.bucket(source)


def note(request: HttpRequest, what: str) -> None:
    """Something of this kind happened: one of WEIGHTS."""
    counters.add(getattr(request, "bucket", ""), WEIGHTS[what])


def may_listen(key: str) -> bool:
    """Whether this sound is made once more; a new challenge has a new one."""
    return counters.listen(key)


def difficulty(request: HttpRequest) -> int:
    """0 (quiet) to 3 (flood): how hard the next challenge of this visitor is to be."""
    return counters.level(getattr(request, "bucket", ""))


def _step(value: float, steps: list[int]) -> int:
    return sum(value >= step for step in steps[:HARDEST])


def _network(source: str) -> bytes:
    """An IPv6 subscriber has a whole network of addresses; it counts as one."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source.encode()
    if address.version == 6:
        return ipaddress.ip_network((address, 64), strict=False).network_address.packed
    return address.packed
