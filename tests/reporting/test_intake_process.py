"""The processes of intake and of the site, as they run: what they import, and what they hold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from portal import pins
from reporting import content as contents
from reporting import inbox, receipts
from reporting.models import Envelope, Kind
from tests.processes import environment
from tests.reporting.test_filing import read

# What opens keys, or what is sealed; and what signs agreements.
OPENERS = (
    "portal.keyring",
    "portal.actions.keys",
    "portal.slots",
    "portal.desk",
    "portal.admin",
    "reporting.admin",
    "reporting.admin_views",
    "reporting.opening",
    "reporting.scanning",
    "reporting.slots",
    "reporting.reading",
    "mou.keys",
    "mou.signing",
    "mou.actions",
    "mou.views",
    "pyhanko",
    "weasyprint",
)
SCRIPT = """
import json, sys
import django
django.setup()
from django.core import signing
from django.test import Client
from django.urls import get_resolver, reverse
from captcha.models import CaptchaStore
from portal.challenges import read_stamp
from html import unescape
import re
get_resolver().url_patterns
client, told = Client(), {"statuses": {}}
for page in json.loads(sys.argv[1]):
    told["statuses"][page] = client.get(page).status_code

def solved(page):
    stamp = unescape(re.search(r'name="challenge_stamp" value="([^"]+)"', page)[1])
    *rest, issued = signing.loads(stamp, salt="portal.challenge")
    keys = read_stamp(stamp, rest[0] if isinstance(rest[0], str) else "report")
    aged = signing.dumps([*rest, issued - 60], salt="portal.challenge")
    answer = CaptchaStore.objects.get(hashkey=keys.keys[0]).challenge
    return {"challenge_stamp": aged, "challenge_answer": answer, "send": "1"}

if "file" in sys.argv[2:]:
    client.post("/report/what/", {"narrative": "Boxes without papers leave at night."})
    client.post("/report/check/", solved(client.get("/report/check/").content.decode()))
    page = client.get("/report/receipt/").content.decode()
    told["receipt"] = "-".join(re.findall(r'intake-code__group">([0-9A-Z]{5})<', page))
    client.post("/report/inbox/", {"code": told["receipt"]})
    client.post("/report/inbox/message/", {"text": "One thing more"})
told["modules"] = sorted(name for name in sys.modules if name.split(".")[0] in
                         {"portal", "reporting", "mou", "pyhanko", "weasyprint"})
print(json.dumps(told))
"""


def process(face, pages, *more, **extra):
    """A process of this face on this test's database, and what it tells of itself."""
    asked = {
        "PORTAL_FACES": face,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ALLOWED_HOSTS": "testserver",
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, json.dumps(pages), *more],
        cwd=settings.BASE_DIR,
        env={**environment(), **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def openers(modules):
    return [
        name
        for name in modules
        if any(name == opener or name.startswith(f"{opener}.") for opener in OPENERS)
    ]


@pytest.fixture
def public_keys_only(tmp_path):
    """The folder of a process that was given the pinned file and nothing else."""
    folder = tmp_path / "var"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys" / "pins.json").write_bytes(Path(settings.PINS_FILE).read_bytes())
    (folder / "keys" / "pins_root").write_text(pins.root().hex())
    return folder


@pytest.mark.django_db(transaction=True)
def test_intake_files_and_answers_without_a_module_that_opens_keys(desk, public_keys_only):
    pages = ["/report/", "/report/inbox/", "/report/what/", "/report/about/", "/privacy/"]
    told = process("intake", pages, "file", PORTAL_VAR=str(public_keys_only))
    assert set(told["statuses"].values()) == {200}
    assert openers(told["modules"]) == []
    assert "reporting.actions.filing" in told["modules"]
    report = Envelope.objects.get(kind=Kind.REPORT)
    assert contents.load(read(desk, report))["what"]["narrative"].startswith("Boxes")
    assert Envelope.objects.filter(kind=Kind.MESSAGE).count() == 1
    assert inbox.read(receipts.tag(told["receipt"])).report_id == report.report_id
    held = {path.name for path in (public_keys_only / "keys").iterdir()}
    assert held <= {"pins.json", "pins_root", "secret_key", "field_key"}


@pytest.mark.django_db(transaction=True)
def test_site_imports_no_module_that_opens_reports(desk, tmp_path):
    told = process("site", ["/", "/accounts/login/"], PORTAL_VAR=str(tmp_path))
    opening = [name for name in openers(told["modules"]) if not name.startswith(("mou.", "pyh"))]
    assert [name for name in opening if name != "weasyprint"] == []
    assert not [name for name in told["modules"] if name.startswith("reporting.actions")]


def test_openers_exist_so_that_the_list_means_something():
    """A module that was renamed would never be found."""
    root = Path(settings.BASE_DIR)
    for name in OPENERS:
        if name.split(".")[0] in {"portal", "reporting", "mou"}:
            path = root.joinpath(*name.split("."))
            assert path.with_suffix(".py").exists() or path.is_dir(), name
