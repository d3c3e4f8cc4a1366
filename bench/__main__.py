"""`python -m bench [page|filing|triage …]`: all of them when none is named.

Fails when something is broken, never because a figure is small: machines differ, ratios less so.
"""

from __future__ import annotations

import os
import platform
import sys
import time

from bench import (
    batches,
    cooperation,
    directory,
    documents,
    filing,
    first_visit,
    many_documents,
    memory,
    offers,
    page,
    reading,
    servers,
    triage,
    verifying,
)
from bench.figures import say
from setup.processes import end_on_signals
from setup.steps import Stop, ending_well

PARTS = {
    "page": page.pages,
    "documents": documents.documents,
    "batches": batches.batches,
    "many-documents": many_documents.many_documents,
    "verifying": verifying.verifying,
    "offers": offers.offers,
    "memory": memory.memory,
    "visit": first_visit.first_visit,
    "filing": filing.filing,
    "opening": reading.opening,
    "search": reading.search,
    "triage": triage.triage,
    "cooperation": cooperation.cooperation,
    "directory": directory.directory,
    "servers": page.servers,
}


def bench(names: list[str]) -> None:
    unknown = sorted(set(names) - set(PARTS))
    if unknown:
        raise Stop(f"there is no {', '.join(unknown)}: choose among {', '.join(PARTS)}.")
    end_on_signals()
    begun = time.monotonic()
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load}")
    say("Ours and theirs run in turn; each line: the middle of the rounds, then the spread.")
    servers.prepare()
    for name in names or PARTS:
        PARTS[name]()
    say(f"\nMeasured in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    with ending_well():
        bench(sys.argv[1:])
