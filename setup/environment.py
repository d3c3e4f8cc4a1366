"""The Python packages: uv, brought in whichever way works here, and the locked environment."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from setup.steps import (
    PYTHON,
    ROOT,
    TOOLS,
    VENV,
    Stop,
    digest,
    is_fresh,
    mark_fresh,
    run,
    step,
)

UV_VERSION = "0.13.9"
UV_OLDEST = (0, 13)
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
REMEDY = "Is the Python package index reachable from here?"
MODULES = ("ssl", "sqlite3", "ctypes", "zlib")


def require_modules() -> None:
    """A Python compiled without these starts, and fails much later with a riddle."""
    lacking = [
        name
        for name in MODULES
        if importlib.util.find_spec(f"_{name}") is None and importlib.util.find_spec(name) is None
    ]
    if lacking:
        raise Stop(
            f"{sys.executable} was built without {', '.join(lacking)}: name another Python, "
            "for example `make demo PYTHON=/usr/bin/python3`."
        )


def uv() -> Path:
    """The path of uv: our own, the system's when new enough, or one that is installed now."""
    own = TOOLS / "uv" / "bin" / "uv"
    if own.is_file():
        return own
    if (found := shutil.which("uv")) and version_of(found) >= UV_OLDEST:
        return Path(found)
    with step(f"uv {UV_VERSION}, which installs Python packages"):
        if importlib.util.find_spec("ensurepip"):
            run([sys.executable, "-m", "venv", "--clear", TOOLS / "uv"])
            python, where = TOOLS / "uv" / "bin" / "python", []
        else:
            python, where = Path(sys.executable), ["--target", str(TOOLS / "uv")]
        pip: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            *where,
            f"uv=={UV_VERSION}",
        ]
        run(pip, remedy=REMEDY)
    return own


def version_of(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


def sync(*, tests: bool) -> None:
    """Makes .venv exactly what uv.lock says; without tests, leaves test tools that are there."""
    wanted = digest([ROOT / "uv.lock", ROOT / "pyproject.toml"], sys.version, sys.executable)
    stamp = VENV / ".complete"
    if is_fresh(stamp, wanted + " tests") or (not tests and is_fresh(stamp, wanted)):
        return
    uv()
    with step(f"Python packages into .venv{' with those for tests' if tests else ''}"):
        install_locked(VENV, *(["--group", "dev"] if tests else ["--no-dev", "--inexact"]))
    mark_fresh(stamp, wanted + (" tests" if tests else ""))


def install_locked(folder: Path, *extent: str) -> None:
    """A virtual environment with what uv.lock names, checked against its hashes."""
    env = {"UV_PROJECT_ENVIRONMENT": str(folder), "UV_PYTHON_DOWNLOADS": "never"}
    if SYSTEM_CERTIFICATES.is_file():  # where a company's own authority is trusted, if anywhere
        env["UV_SYSTEM_CERTS"] = "true"
    words = ["sync", "--frozen", "--quiet", "--python", sys.executable]
    run([uv(), *words, *extent], env=env, remedy=REMEDY)


def compile_translations() -> None:
    """Turns each catalogue into the form that is read while running."""
    catalogues = list(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
    stamp = TOOLS / "translations"
    wanted = digest(catalogues)
    if catalogues and not is_fresh(stamp, wanted):
        with step("Translations"):
            run([PYTHON.with_name("pybabel"), "compile", "-D", "django", "-d", "locale"])
        mark_fresh(stamp, wanted)
