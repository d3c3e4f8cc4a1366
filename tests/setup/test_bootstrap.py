"""Set-up stops with one sentence and its remedy, and the README says what is true."""

import re
import subprocess
import sys

import pytest

from setup import system
from setup.steps import ROOT, Stop, digest, is_fresh, mark_fresh, run

ABSENT = system.Need("the Moon", "moon", lambda: False)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_refuse_a_python_that_is_too_old() -> None:
    code = "import sys; sys.version_info = (3, 9, 2); import setup"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed and this is 3.9" in done.stderr


def test_name_the_one_command_when_packages_may_not_be_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "privilege", lambda: None)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(Stop, match=r"lacks the Moon(?s:.*)sudo apt-get install .* moon"):
        system.install([ABSENT])


def test_name_the_packages_on_a_system_without_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(Stop, match="what Debian calls moon"):
        system.install([ABSENT])


def test_find_a_library_that_is_there_and_not_one_that_is_not() -> None:
    assert system.has_library(system.PANGO)
    assert not system.has_library("libmoon.so.0")


def test_stop_with_what_a_failed_command_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Stop, match=r"failed \(exit 3\)\. Try again\."):
        run([sys.executable, "-c", "print('no moon'); raise SystemExit(3)"], remedy="Try again.")
    assert "| no moon" in capsys.readouterr().out


def test_stamp_is_fresh_until_a_source_changes(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("setup.steps.ROOT", tmp_path)
    source, stamp = tmp_path / "source", tmp_path / "made" / "stamp"
    source.write_text("one")
    mark_fresh(stamp, digest([source]))
    assert is_fresh(stamp, digest([source]))
    source.write_text("two")
    assert not is_fresh(stamp, digest([source]))


def test_style_sheet_carries_no_other_brand() -> None:
    text = (ROOT / "static-build/portal/portal.css").read_text()
    assert not re.search(r"Transport|crest|data:|url\(.?(https?:)?//", text)


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_documents_name_only_commands_and_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    named = {
        word for words in re.findall(r"`?make ((?:[a-z-]+ ?)+)", text) for word in words.split()
    }
    assert named & targets()
    for command in re.findall(r"^    make ([a-z-]+)|`make ([a-z]+)", text, re.MULTILINE):
        assert set(command) & targets(), command
    for path in re.findall(r"\]\((?!http)([^)]+)\)", text):
        assert (ROOT / path).exists(), path


def test_readme_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 60


def test_help_lists_every_target() -> None:
    phony = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert targets() == set(" ".join(phony).split()) - {"setup-tests"}
