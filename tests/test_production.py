"""The rest of production's shape: image, secret files, proxy, settings as compose gives them."""

import os
import re
import runpy
import subprocess
import sys

import pytest
import yaml
from django.conf import settings

from deploy import make_secrets
from tests.processes import fresh_settings

ROOT = settings.BASE_DIR
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROXY = (ROOT / "deploy" / "proxy" / "nginx.conf").read_text()
PROCESSES = ("intake", "site", "office", "worker", "pdf", "beat", "migrate")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


@pytest.fixture
def secret_folder(monkeypatch, tmp_path):
    """A folder of secrets as an operator makes it."""
    monkeypatch.setattr(make_secrets, "FOLDER", tmp_path / "secrets")
    make_secrets.main()
    for name in make_secrets.FROM_ELSEWHERE:
        (tmp_path / "secrets" / name).write_text("brought by hand")
    return tmp_path / "secrets"


def composed(name, folder):
    """The environment that docker-compose.yml gives this process, its files found in `folder`."""
    given = (ROOT / "deploy" / "example.env").read_text()
    filled = dict(re.findall(r"^([A-Z_]+)=(.*)$", given, re.MULTILINE))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    def fill(text):
        name = r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}"
        return re.sub(name, lambda m: filled.get(m[1]) or m[2] or "", str(text))

    service = compose["services"][name]
    files = {s["target"]: compose["secrets"][s["source"]]["file"] for s in service["secrets"]}
    made = {key: fill(value) for key, value in service["environment"].items()}
    for key, value in made.items():
        if value.startswith("/run/secrets/"):
            path = files[value.removeprefix("/run/secrets/")].partition("/secrets}/")[2]
            made[key] = str(folder / path)
    return made


@pytest.fixture
def read(monkeypatch, tmp_path, secret_folder):
    """The settings of one process of production."""

    def read(name):
        for key, value in composed(name, secret_folder).items():
            monkeypatch.setenv(key, value)
        monkeypatch.setenv("PORTAL_VAR", str(tmp_path / "var"))
        return fresh_settings()

    return read


@as_root
@pytest.mark.parametrize("name", PROCESSES)
def test_process_starts_with_what_compose_gives_it(read, name):
    made = read(name)
    assert made["PRODUCTION"]
    assert made["CACHES"]["default"]["LOCATION"].startswith(f"redis://{name}:")
    if name != "beat":
        role = make_secrets.DATABASE_ROLES[name]
        assert made["DATABASES"]["default"]["USER"] == f"portal_{role}"


@as_root
def test_no_two_processes_share_a_secret_key(secret_folder):
    keys = [(secret_folder / name / "secret_key").read_text() for name in PROCESSES]
    assert len(set(keys)) == len(PROCESSES)
    assert min(map(len, keys)) >= 50


@as_root
def test_second_factors_can_be_read_where_they_are_used_only(secret_folder):
    key = {name: (secret_folder / name / "field_key").read_text() for name in PROCESSES}
    assert key["site"] == key["office"] == key["worker"]
    assert len({key[name] for name in ("site", "intake", "pdf", "beat", "migrate")}) == 5


@as_root
def test_secret_files_are_readable_by_their_user_alone(secret_folder):
    make_secrets.main()
    files = [path for path in secret_folder.rglob("*") if path.is_file()]
    assert len(files) > 40
    for path in files:
        assert path.stat().st_mode & 0o777 == 0o400, path
        assert path.stat().st_uid == make_secrets.USERS[path.parent.name], path


@as_root
def test_secrets_that_exist_are_kept(secret_folder):
    before = (secret_folder / "site" / "database_url").read_text()
    make_secrets.main()
    assert (secret_folder / "site" / "database_url").read_text() == before


@as_root
def test_broker_keeps_no_password_in_clear(secret_folder):
    users = (secret_folder / "redis" / "users.acl").read_text()
    url = (secret_folder / "site" / "redis_url").read_text()
    assert url.rpartition("@")[0].rpartition(":")[2] not in users
    assert users.startswith("user default off\n")


def test_secrets_need_root():
    code = "import os; os.geteuid = lambda: 1; from deploy import make_secrets; make_secrets.main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "as root" in done.stderr


def test_image_ends_as_an_ordinary_user_without_tools():
    runtime = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\d+)", runtime, re.MULTILINE)[-1] != "0"
    assert not re.search(r"\b(gcc|build-essential|nodejs|npm|git)\b", runtime)
    assert "site-packages/pip*" in runtime
    assert "HEALTHCHECK" in runtime


def test_image_takes_nothing_that_is_not_named():
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not any(rule in rules for rule in ("!var", "!.env", "!tests", "!deploy"))


def test_image_makes_the_users_that_compose_names():
    users = re.search(r"id=(\d+) && for name in ([a-z ]+);", DOCKERFILE)
    numbered = dict(zip(users[2].split(), range(int(users[1]), 20000), strict=False))
    assert numbered == {name: make_secrets.USERS[name] for name in PROCESSES}


def test_proxy_sets_forwarded_headers_and_appends_none():
    assert "proxy_add_x_forwarded_for" not in PROXY
    assert set(re.findall(r"X-Forwarded-For (\S+);", PROXY)) == {"$remote_addr", '""'}
    assert set(re.findall(r"X-Forwarded-Proto (\S+);", PROXY)) == {"https"}


def test_proxy_keeps_no_trace_of_who_reports():
    intake = re.search(r"location /report/ \{(.*?)\n        \}", PROXY, re.DOTALL)[1]
    assert "access_log off;" in intake
    assert "error_log /dev/null crit;" in intake
    assert 'X-Forwarded-For "";' in intake
    assert 'User-Agent "";' in intake
    assert 'Referer "";' in intake
    # Of where somebody is, intake learns one of 256 crowds and nothing else.
    assert "$remote_addr" not in intake
    assert "X-Crowd $crowd_one$crowd_two;" in intake
    crowds = (ROOT / "deploy" / "proxy" / "crowds.conf").read_text()
    assert len(re.findall(r"^    (?:6\.25%|\*) [0-9a-f];$", crowds, re.MULTILINE)) == 32


def test_proxy_logs_no_link_that_opens_something():
    named = re.search(r"log_format sections '([^']*)'", PROXY)[1]
    assert not re.search(r"\$(request|uri|request_uri|args|http_referer)\b", named)


def test_proxy_speaks_only_safe_tls_and_says_so_for_a_year():
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in PROXY
    assert "max-age=31536000" in PROXY
    servers = PROXY.split("    server {")[1:]
    assert all(" ssl " in server for server in servers if "proxy_pass" in server)


def test_web_server_keeps_no_log_of_requests():
    made = runpy.run_path(str(ROOT / "deploy" / "gunicorn.py"))
    assert made["accesslog"] is None
    assert made["control_socket_disable"]
