"""Settings of a test process: those of the portal, with a place of its own for what it writes."""

import os
import re
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
ROOT = Path(__file__).resolve().parent.parent

# Set before the portal's settings are read, and inherited by what a test starts.
folder = os.environ.get("PORTAL_TEST_FOLDER", str(ROOT / "var" / "tests"))
os.environ["PORTAL_VAR"] = str(Path(folder) / WORKER)
os.environ["PORTAL_MODE"] = os.environ.get("PORTAL_MODE", "development")
if redis := os.environ.get("REDIS_URL"):
    number = int(WORKER.removeprefix("gw")) + 1 if WORKER.startswith("gw") else 0
    os.environ["REDIS_URL"] = re.sub(r"/\d*$", f"/{number}", redis)

from portal.settings import *  # noqa: E402


class QuickArgon2(Argon2PasswordHasher):
    """The hash of production at the lowest cost, so that a test may make many people."""

    time_cost = 1
    memory_cost = 64
    parallelism = 1


PASSWORD_HASHERS = ["tests.settings.QuickArgon2"]
