"""What one document worker does in a minute, and what it holds after a great many documents."""

from __future__ import annotations

import os

from bench.documents import make_common_keys, worker
from bench.figures import percentile, say
from bench.servers import memory_mib

MANY = int(os.environ.get("BENCH_DOCUMENTS") or 2_000)
RATED = 500
WARM = 50


def many_documents() -> None:
    say(f"\nOne worker: agreements rendered, sealed, signed and stamped, {MANY:,} in a row")
    make_common_keys()
    with worker("ours") as ours:
        pid = ours.process.pid
        for _number in range(WARM):
            ours.make()
        begun, taken = memory_mib(pid), []
        for number in range(MANY):
            taken.append(ours.make()["seconds"])
            if number == min(RATED, MANY) - 1:
                rate = (number + 1) / sum(taken) * 60
                say(f"  {f'documents a minute, the first {number + 1}':<58} {rate:6.0f}")
        held = memory_mib(pid)
    say(f"  {f'memory after {WARM}, MiB':<58} {begun:6.0f}")
    say(f"  {f'memory after {MANY:,} more, MiB':<58} {held:6.0f}")
    say(f"  {'after ÷ before':<58} {held / begun:6.2f}   wanted ≤ 1.1")
    shift = percentile(taken[-MANY // 4 :], 0.5) / percentile(taken[: MANY // 4], 0.5)
    say(f"  {'the last quarter’s middle ÷ the first one’s':<58} {shift:6.2f}   wanted ≤ 1.1")
