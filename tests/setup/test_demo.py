"""The demonstration's runner: ports, parts that end, and ending them all."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from setup import demo, processes
from setup.steps import Stop


def test_refuse_a_taken_port_with_its_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=rf"{port} is taken .* PORT={port + 1}"):
            demo.require_free(port, "PORT")


def test_accept_a_free_port() -> None:
    demo.require_free(processes.free_port(), "PORT")


@pytest.mark.parametrize("text", ["eighty", "0", "70000", "-1"])
def test_refuse_a_port_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(Stop, match=f"PORT is '{text}'"):
        demo.number("PORT", 8000)


def test_refuse_a_second_demonstration_from_one_folder(tmp_path) -> None:
    first = demo.hold_folder(tmp_path)
    with pytest.raises(Stop, match="already runs"):
        demo.hold_folder(tmp_path)
    os.close(first)
    os.close(demo.hold_folder(tmp_path))


def test_start_a_part_again_until_it_ends_too_often(capsys: pytest.CaptureFixture[str]) -> None:
    part = demo.Part("web", [sys.executable, "-c", "raise SystemExit(3)"])
    demo.begin(part)
    for _ in range(2):
        part.process.wait(10)
        demo.keep_alive([part])
    part.process.wait(10)
    with pytest.raises(Stop, match="web ended with exit 3, 3 times within a minute"):
        demo.keep_alive([part])
    assert capsys.readouterr().out.count("starting it again") == 2


def test_end_kills_what_does_not_listen() -> None:
    code = "trap '' TERM; echo deaf; while true; do sleep 1; done"
    process = processes.start(["sh", "-c", code], output=subprocess.PIPE)
    process.stdout.read(1)
    begun = time.monotonic()
    processes.end(process, grace=0.2)
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert time.monotonic() - begun < 5
