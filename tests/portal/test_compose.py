"""docker-compose.yml keeps its promises: who runs as whom, holds which key and reaches what."""

import re
import shutil
import subprocess
from itertools import combinations

import pytest
import yaml
from django.conf import settings

from deploy import make_secrets

FACES = ("intake", "site", "office")
OURS = (*FACES, "worker", "pdf", "beat", "migrate")
SIGNING = {"pdf_seal", "pdf_issuing", "pdf_key_passphrase"}
# Names of settings whose value must be a file's, never the environment's.
SECRET_WORDS = re.compile(r"PASSWORD|PASSPHRASE|SECRET|FIELD_KEY|DATABASE_URL|REDIS_URL|TOKEN|PIN$")

TEXT = (settings.BASE_DIR / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]


def secrets_of(name):
    return {secret["source"] for secret in SERVICES[name]["secrets"]}


def networks_of(name):
    return set(SERVICES[name]["networks"])


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
def test_compose_accepts_the_file():
    example = settings.BASE_DIR / "deploy" / "example.env"
    command = ["docker-compose", "--env-file", str(example), "config", "--quiet"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_part_of_the_portal_is_there():
    assert set(SERVICES) == {*OURS, "proxy", "postgres", "redis"}


def test_release_loads_what_the_desk_works_with():
    """What comes with an app's data is brought in by a release as it is by set-up."""
    release = (settings.BASE_DIR / "deploy" / "migrate").read_text()
    prepared = (settings.BASE_DIR / "setup" / "prepare.py").read_text()
    by_hand = {"load_registers"}  # docs/operating.md, Registers
    wanted = set(re.findall(r'"(load_\w+)"', prepared)) - by_hand
    assert wanted - set(re.findall(r"load_\w+", release)) == set()


def test_only_the_proxy_publishes_a_port():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert not any("network_mode" in service for service in SERVICES.values())


def test_each_process_of_ours_has_a_user_of_its_own():
    users = [SERVICES[name]["user"] for name in OURS]
    assert len(set(users)) == len(OURS)
    assert not any(user.startswith("0") for user in users)


def test_each_face_has_its_own_database_role_secret_key_and_broker_user():
    for one, other in combinations(OURS, 2):
        assert not secrets_of(one) & secrets_of(other)
    roles = [make_secrets.DATABASE_ROLES[face] for face in FACES]
    assert roles == list(FACES)


def test_each_face_answers_for_itself_alone():
    assert [SERVICES[face]["environment"]["PORTAL_FACES"] for face in FACES] == list(FACES)


@pytest.mark.parametrize("name", OURS)
def test_process_gets_its_own_secrets_and_no_others(name):
    assert all(source.startswith(f"{name}_") for source in secrets_of(name))
    assert f"{name}_secret_key" in secrets_of(name)


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"pdf"}))
def test_signing_keys_reach_the_document_worker_alone(name):
    assert not SIGNING & secrets_of(name)
    given = SERVICES[name].get("environment", {})
    assert not {"KEY_SEAL", "KEY_ISSUING", "KEY_PASSPHRASE_FILE"} & set(given)


def test_document_worker_has_the_signing_keys():
    assert secrets_of("pdf") >= SIGNING


def test_intake_reaches_no_file_and_no_log():
    intake = SERVICES["intake"]
    assert not any(str(volume).startswith("files:") for volume in intake["volumes"])
    assert "group_add" not in intake
    assert intake["logging"] == {"driver": "none"}


@pytest.mark.parametrize("name", OURS)
def test_pinned_keys_are_read_where_something_is_sealed_and_written_nowhere(name):
    folder = "${PINS:-./var/pins}:/etc/portal/pins:ro"
    mounted = [volume for volume in SERVICES[name]["volumes"] if "/pins" in str(volume)]
    assert mounted == ([folder] if name in {"intake", "office", "worker"} else [])
    assert SERVICES[name]["environment"]["PINS_FILE"].startswith("/etc/portal/pins/")


@pytest.mark.parametrize("name", OURS)
def test_mode_is_production_everywhere(name):
    assert SERVICES[name]["environment"]["PORTAL_MODE"] == "production"
    assert "DEBUG" not in SERVICES[name]["environment"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_in_clear(name):
    for key, value in SERVICES[name].get("environment", {}).items():
        if key.endswith("_FILE"):
            assert not value or value.startswith(("/run/secrets/", "/etc/portal/")), key
        elif SECRET_WORDS.search(key):
            # Beat is told of a database that does not exist, without a password.
            assert value == "postgres://none@postgres/none", key
    for path in COMPOSE["secrets"].values():
        assert path["file"].startswith("${SECRETS:-./var/secrets}/")


def test_environment_example_holds_no_secret():
    example = (settings.BASE_DIR / "deploy" / "example.env").read_text()
    names = re.findall(r"^([A-Z_]+)=", example, re.MULTILINE)
    assert not [name for name in names if SECRET_WORDS.search(name)]


def test_environment_example_sets_everything_that_must_be_set():
    example = (settings.BASE_DIR / "deploy" / "example.env").read_text()
    required = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    assert required <= set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


@pytest.mark.parametrize("name", SERVICES)
def test_container_is_read_only_and_has_no_privilege(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "cap_add" not in service
    assert service["mem_limit"]
    assert service["pids_limit"]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_container_says_how_it_is(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_nothing_starts_before_the_tables_are_there():
    for name in set(OURS) - {"migrate"}:
        needs = SERVICES[name]["depends_on"]
        assert needs["migrate"] == {"condition": "service_completed_successfully"}
        assert needs["postgres"] == needs["redis"] == {"condition": "service_healthy"}


def test_faces_meet_neither_each_other_nor_the_world():
    for one, other in combinations(FACES, 2):
        assert not networks_of(one) & networks_of(other)
    for face in FACES:
        assert all(COMPOSE["networks"][name]["internal"] for name in networks_of(face))


def test_proxy_reaches_no_database():
    assert not networks_of("proxy") & (networks_of("postgres") | networks_of("redis"))


def test_only_those_who_must_reach_the_world():
    reaching = {
        name
        for name in SERVICES
        for network in networks_of(name)
        if not COMPOSE["networks"][network].get("internal")
    }
    assert reaching == {"proxy", "worker", "pdf"}


@pytest.mark.parametrize("name", SERVICES)
def test_secret_is_made_for_the_user_that_reads_it(name):
    user = int(SERVICES[name]["user"].partition(":")[0])
    for source in secrets_of(name):
        path = COMPOSE["secrets"][source]["file"].partition("/secrets}/")[2]
        assert make_secrets.USERS[path.partition("/")[0]] == user
