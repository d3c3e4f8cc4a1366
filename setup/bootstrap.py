"""Makes a fresh clone ready to run: `python3 -m setup.bootstrap [--tests]`; quick when it is."""

import sys
import time

from setup import assets, environment, system
from setup.steps import ending_well, say


def bootstrap(*, tests: bool) -> None:
    begun = time.monotonic()
    environment.require_modules()
    system.install(system.ALWAYS + (system.FOR_TESTS if tests else []))
    environment.sync(tests=tests)
    environment.compile_translations()
    assets.build()
    say(f"==> Set-up is complete ({time.monotonic() - begun:.1f} s)")


if __name__ == "__main__":
    with ending_well():
        bootstrap(tests="--tests" in sys.argv[1:])
