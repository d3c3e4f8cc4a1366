"""How set-up speaks: a line per step, progress on long ones, one sentence when it must stop."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PROGRESS_SECONDS = 5
OUTPUT_LINES = 25


class Stop(Exception):
    """Set-up cannot go on; the message is one sentence with the remedy."""


def say(text: str) -> None:
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Names what is being done, tells every few seconds that it still is, and how long it took."""
    say(f"==> {title}")
    begun = time.monotonic()
    done = threading.Event()

    def tell() -> None:
        while not done.wait(PROGRESS_SECONDS):
            say(f"    … {time.monotonic() - begun:.0f} s")

    threading.Thread(target=tell, daemon=True).start()
    try:
        yield
    finally:
        done.set()
    say(f"    done in {time.monotonic() - begun:.1f} s")


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, remedy: str = ""
) -> str:
    """Runs a command quietly; when it fails, shows the end of what it said and stops."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=environment(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Stop(f"`{words[0]}` could not be started ({error.strerror}). {remedy}") from error
    if done.returncode:
        for line in done.stdout.splitlines()[-OUTPUT_LINES:]:
            say(f"    | {line}")
        raise Stop(f"`{' '.join(words[:4])}` failed (exit {done.returncode}). {remedy}".strip())
    return done.stdout


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child is given: ours, less an activated environment, with caches it can write."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    home = Path(env.get("HOME", "/nonexistent"))
    if not (home.is_dir() and os.access(home, os.W_OK)):
        env.setdefault("UV_CACHE_DIR", str(TOOLS / "cache" / "uv"))
        env.setdefault("npm_config_cache", str(TOOLS / "cache" / "npm"))
        env["HOME"] = str(TOOLS / "home")
        Path(env["HOME"]).mkdir(parents=True, exist_ok=True)
    return {**env, **(more or {})}


def digest(files: Iterable[Path], *words: str) -> str:
    """A hash over files and words: what a stamp remembers."""
    sum_ = hashlib.sha256("\0".join(words).encode())
    for path in sorted(files):
        sum_.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()


def is_fresh(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text() == wanted


def mark_fresh(stamp: Path, wanted: str) -> None:
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)


@contextmanager
def ending_well() -> Iterator[None]:
    """The edge of every script: a Stop becomes its sentence, Ctrl-C a quiet end."""
    try:
        yield
    except Stop as stop:
        sys.exit(f"\nStopped: {stop}")
    except KeyboardInterrupt:
        sys.exit(130)
