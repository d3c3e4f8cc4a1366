"""The translation catalogues: brought up to date, or checked that they are."""

import re
import sys
from pathlib import Path

from setup.steps import PYTHON, ROOT, Stop, ending_well, run, say

SKIPPED = ("node_modules", "static-build", "var", "tests", "setup", "bench", ".venv", ".tools")
DATE = re.compile(r'^"POT-Creation-Date:.*\n', re.MULTILINE)


def catalogues() -> dict[Path, str]:
    return {path: path.read_text() for path in ROOT.glob("locale/*/LC_MESSAGES/django.po")}


def update() -> list[Path]:
    """Takes every string of the code into the catalogues; returns those that changed."""
    before = catalogues()
    if not before:
        say("    no catalogue yet: make one with `manage.py makemessages -l LANGUAGE`")
        return []
    skipped = [f"--ignore={name}/*" for name in SKIPPED]
    options = ["--all", "--no-location", "--no-obsolete", "--verbosity=0"]
    run([PYTHON, "manage.py", "makemessages", *options, *skipped])
    changed = []
    for path, text in before.items():
        if DATE.sub("", path.read_text()) == DATE.sub("", text):
            path.write_text(text)  # a new date alone is no change
        else:
            changed.append(path)
    return changed


def check() -> None:
    """Stops when a catalogue lacks a string of the code or holds a guessed translation."""
    before = catalogues()
    changed = update()
    for path in changed:
        path.write_text(before[path])
    if changed:
        names = ", ".join(str(path.relative_to(ROOT)) for path in changed)
        raise Stop(f"{names} is out of date: run `make messages`, translate what is new, commit.")
    for path, text in before.items():
        if re.search(r"^#, .*fuzzy", text, re.MULTILINE):
            raise Stop(f"{path.relative_to(ROOT)} has guessed (fuzzy) translations: settle them.")


if __name__ == "__main__":
    with ending_well():
        if "--check" in sys.argv[1:]:
            check()
        else:
            for path in update():
                say(f"changed {path.relative_to(ROOT)}")
