"""Whether a container's process does its work: `python deploy/health.py web|beat`."""

import http.client
import os
import sys
import time
from pathlib import Path

PORT = 8000
# Beat writes its schedule down every three minutes; the file's name may get a suffix.
SCHEDULE = Path("/tmp/beat")  # noqa: S108
OLDEST_SECONDS = 600


def web() -> bool:
    """It answers, and so does what it needs."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=8)
    host = os.environ["ALLOWED_HOSTS"].partition(",")[0]
    connection.request("GET", "/readyz", headers={"Host": host})
    return connection.getresponse().status == 200


def beat() -> bool:
    """It keeps its schedule."""
    written = [path.stat().st_mtime for path in SCHEDULE.parent.glob(f"{SCHEDULE.name}*")]
    return time.time() - max(written, default=0) < OLDEST_SECONDS


if __name__ == "__main__":
    checks = {"web": web, "beat": beat}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
