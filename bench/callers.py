"""Processes of the bench that answer words with JSON: one line in, one line out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.servers import FOLDER, SETTINGS
from setup.processes import end
from setup.steps import ROOT, Stop, environment


def folder(name: str) -> Path:
    """A place of its own for a process: other keys, other data, the same static files."""
    made = FOLDER / name
    made.mkdir(parents=True, exist_ok=True)
    if not (made / "static").exists():
        (made / "static").symlink_to(FOLDER / "static")
    return made


def run(words: Sequence[str], env: Mapping[str, str]) -> str:
    """What it printed; ends the bench when it fails."""
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment(env), capture_output=True, text=True
    )
    if done.returncode:
        raise Stop(f"`{' '.join(words)}` failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def caller(
    name: str, words: Sequence[str], more: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A process that waits for words, in a folder of this name."""
    env = {**SETTINGS, "PORTAL_VAR": str(folder(name)), **(more or {})}
    with (FOLDER / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            end(process, grace=2)  # type: ignore[arg-type]


def answer(process: subprocess.Popen[str], word: str = "") -> Any:
    """What it says to this word, or says first."""
    if process.stdin is None or process.stdout is None:
        raise Stop("The process was started without its pipes.")
    if word:
        process.stdin.write(f"{word}\n")
        process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise Stop(f"a process of the bench does not answer: see {FOLDER}/*.log.")
    return json.loads(line)
