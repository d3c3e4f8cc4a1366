"""No change to the modules that everything rests on goes unnoticed by their tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.mutation import mutants

ROOT = Path(__file__).resolve().parent.parent
TESTS = {
    "portal/sealing.py": "tests/portal/test_sealing.py",
    "reporting/receipts.py": "tests/reporting/test_receipts.py",
    "reporting/permissions.py": "tests/reporting/test_permissions.py",
}
# Mutants that change nothing anybody could notice, each with the reason.
EQUIVALENT: dict[str, dict[str, str]] = {
    "portal/sealing.py": {
        "fingerprint: 40 -> +1": "the groups that follow end at 40 all the same",
        "fingerprint: 40 -> -1 (2)": "the last group begins at 35 all the same",
        "seal_between: True -> flipped": "a pair and two halves are two each",
        "join: True -> flipped": "the lengths were compared one line before",
    },
    "reporting/receipts.py": {
        "parse: set(code) <= set(ALPHABET) -> Lt": "25 characters are never all 32 of them",
    },
    "reporting/permissions.py": {},
}
# Of the time that a side of the soak has, for each module.
SHARE = 0.1


@pytest.mark.soak
@pytest.mark.parametrize("path", TESTS)
def test_no_mutant_survives_but_those_that_change_nothing(path):
    """In a process of its own, which forks one child for each mutant.

    A sample: as many as SOAK_SECONDS allow, from one drawn by lot, so that nights together try all.
    """
    seconds = int(os.environ.get("SOAK_SECONDS", "3600")) * SHARE
    env = {**os.environ, "PORTAL_TEST_FOLDER": str(settings.VAR / "mutants")}
    env["MUTATION_SECONDS"] = str(seconds)
    limit = seconds + 15 * 60  # it goes through with those it began
    command = [sys.executable, "-W", "ignore", "-m", "tests.mutation", path, TESTS[path]]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=limit, check=True
    )
    *lines, tried = done.stdout.splitlines()
    alive, explained = {line for line in lines if " -> " in line}, set(EQUIVALENT[path])
    number, _of, total, _tried = tried.split()
    print(path, tried)
    assert int(number) > 0
    assert alive <= explained
    assert alive == explained or number != total


@pytest.mark.parametrize("path", TESTS)
def test_explained_mutants_exist(path):
    names = {mutant.name for mutant in mutants((ROOT / path).read_text())}
    assert len(names) > 50
    assert set(EQUIVALENT[path]) <= names


def test_every_branch_of_sealing_is_tested(tmp_path):
    """Published with its vectors, so nothing in it may be there that no test has been through."""
    data = f"--data-file={tmp_path / 'coverage'}"
    env = {**os.environ, "PORTAL_TEST_FOLDER": str(tmp_path)}
    run = [sys.executable, "-m", "coverage"]
    words = ["run", data, "--branch", "--include=portal/sealing.py", "-m", "pytest", "-q"]
    words += ["-p", "no:cacheprovider", TESTS["portal/sealing.py"]]
    subprocess.run([*run, *words], cwd=ROOT, env=env, check=True, capture_output=True)
    report = tmp_path / "report.json"
    subprocess.run(
        [*run, "json", data, "-o", str(report)], cwd=ROOT, check=True, capture_output=True
    )
    totals = json.loads(report.read_text())["totals"]
    assert totals["num_statements"] > 100
    assert totals["missing_lines"] == totals["missing_branches"] == 0
