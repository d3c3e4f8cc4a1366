"""What the operating system must bring, and how it is asked for."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from setup.steps import Stop, run, say, step

POSTGRESQL_FOLDERS = "/usr/lib/postgresql/*/bin/initdb"
APT_LOCK = "DPkg::Lock::Timeout=120"


@dataclass(frozen=True)
class Need:
    """A thing the system lacks or has, and the Debian package that brings it."""

    name: str
    package: str
    is_there: Callable[[], bool]


def has_library(name: str) -> bool:
    """Asked in a process of its own: a loader that once found nothing may remember it."""
    code = f"import ctypes; ctypes.CDLL({name!r})"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


def has_program(*names: str) -> bool:
    return any(map(shutil.which, names))


def has_postgresql() -> bool:
    return has_program("initdb") or any(Path("/").glob(POSTGRESQL_FOLDERS.lstrip("/")))


def can_install_uv() -> bool:
    """Debian's python3 comes without ensurepip and pip; either is enough, and so is uv itself."""
    return has_program("uv") or any(map(importlib.util.find_spec, ("ensurepip", "pip")))


LIBRARY = "dylib" if sys.platform == "darwin" else "so"
PANGO, PANGO_FT2, SUBSET = (
    ("libpango-1.0.dylib", "libpangoft2-1.0.dylib", "libharfbuzz-subset.dylib")
    if sys.platform == "darwin"
    else ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
)
VENV_PACKAGE = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"

ALWAYS = [
    Need("a way to make a virtual environment", VENV_PACKAGE, can_install_uv),
    Need("Pango", "libpango-1.0-0", partial(has_library, PANGO)),
    Need("Pango's FreeType part", "libpangoft2-1.0-0", partial(has_library, PANGO_FT2)),
    Need("HarfBuzz's subsetter", "libharfbuzz-subset0", partial(has_library, SUBSET)),
    # Speaks the challenge of anonymous forms, in the portal's languages.
    Need("espeak-ng", "espeak-ng", partial(has_program, "espeak-ng")),
]
FOR_TESTS = [
    Need("PostgreSQL", "postgresql", has_postgresql),
    Need("Redis", "redis-server", partial(has_program, "redis-server")),
    Need(
        "Chromium",
        "chromium",
        partial(has_program, "chromium", "chromium-browser", "google-chrome"),
    ),
    Need("pdfsig", "poppler-utils", partial(has_program, "pdfsig")),
    Need("qpdf", "qpdf", partial(has_program, "qpdf")),
    Need("SoftHSM", "softhsm2", partial(has_program, "softhsm2-util")),
    Need("gettext", "gettext", partial(has_program, "xgettext")),
]


def missing(needs: list[Need]) -> list[Need]:
    return [need for need in needs if not need.is_there()]


def privilege() -> list[str] | None:
    """The words before apt-get: none for root, sudo where it asks no password, else not allowed."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(needs: list[Need]) -> None:
    """Brings what is missing by the system's package manager, or stops with the one command."""
    lacking = missing(needs)
    if not lacking:
        return
    names = ", ".join(need.name for need in lacking)
    packages = [need.package for need in lacking]
    command = f"apt-get install -y --no-install-recommends {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Stop(
            f"this system lacks {names}: install what Debian calls {' '.join(packages)}, "
            "then run the same command again."
        )
    words = privilege()
    if words is None:
        raise Stop(
            f"this system lacks {names}, and you may not install packages. Have this run, then "
            f"try again:\n\n    sudo apt-get update && sudo {command}\n"
        )
    with step(f"System packages: {' '.join(packages)}"):
        apt = [*words, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", APT_LOCK]
        remedy = f"Run `apt-get update && {command}` by hand to see why."
        if not has_package_lists():
            run([*apt, "update"], remedy=remedy)
        try:
            run([*apt, *command.split()[1:]], remedy=remedy)
        except Stop:
            say("    the package lists may be old: once more with new ones")
            run([*apt, "update"], remedy=remedy)
            run([*apt, *command.split()[1:]], remedy=remedy)
    if still := missing(lacking):
        raise Stop(
            f"{', '.join(need.name for need in still)} is still not found after installing it."
        )


def has_package_lists() -> bool:
    return any(Path("/var/lib/apt/lists").glob("*Packages*"))
