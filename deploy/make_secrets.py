#!/usr/bin/env python3
"""Makes the secret files that docker-compose.yml names: `sudo python3 deploy/make_secrets.py`.

What exists is left alone, so it may run again. Keys and certificates come from elsewhere: those
that are still missing are named at the end, with where they belong.
"""

import hashlib
import os
import secrets
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("SECRETS") or ROOT / "var" / "secrets")

# The users that read them: ours are made in the Dockerfile, the others come with their images.
USERS = {
    "intake": 10001,
    "site": 10002,
    "office": 10003,
    "worker": 10004,
    "pdf": 10005,
    "beat": 10006,
    "migrate": 10007,
    "postgres": 999,
    "redis": 999,
    "proxy": 101,
}
DATABASE_ROLES = {
    "intake": "intake",
    "site": "site",
    "office": "office",
    "worker": "worker",
    "pdf": "worker",
    "migrate": "owner",
    "retention": "retention",
}
# May use keys and channels, and nothing that looks into or changes the server.
REDIS_MAY = "~* &* +@all -@admin -@dangerous +info"
REDIS_USERS = ("intake", "site", "office", "worker", "pdf", "beat", "migrate")
# Encrypts the secrets of second factors: the same for those who read them, and for no one else.
SHARE_FIELD_KEY = ("site", "office", "worker")
FROM_ELSEWHERE = {
    "pdf/seal.p12": "the administration's seal: PKCS#12, with its chain",
    "pdf/issuing.p12": "the authority that certifies signers: PKCS#12, with its chain",
    "pdf/key_passphrase": "the passphrase of both",
    "worker/mail_password": "the mail server's password (may be empty)",
    "proxy/tls_certificate": "certificate and chain for the site's and the office's names, PEM",
    "proxy/tls_key": "its key, PEM",
}


def keep(name: str, value: str) -> str:
    """Writes a secret for its user alone, unless it is there; returns what is kept."""
    path = FOLDER / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
        with os.fdopen(handle, "w") as file:
            file.write(value)
    own(path)
    return path.read_text()


def own(path: Path) -> None:
    """Only root can give a file away; without that the containers could not read it."""
    user = USERS[path.parent.name]
    shutil.chown(path, user, user)
    path.chmod(0o400)


def database() -> None:
    """A password for each role, kept for the server and inside each user's address of it."""
    keep("postgres/password", secrets.token_urlsafe(32))
    password = {
        role: keep(f"postgres/database_{role}", secrets.token_urlsafe(32))
        for role in dict.fromkeys(DATABASE_ROLES.values())
    }
    for user, role in DATABASE_ROLES.items():
        folder = "migrate" if user == "retention" else user
        name = "retention_url" if user == "retention" else "database_url"
        keep(f"{folder}/{name}", f"postgres://portal_{role}:{password[role]}@postgres:5432/portal")


def broker() -> None:
    """A password for each user; the server keeps only their hashes."""
    lines = ["user default off", "user health on nopass resetkeys resetchannels -@all +ping"]
    for user in REDIS_USERS:
        url = keep(f"{user}/redis_url", f"redis://{user}:{secrets.token_urlsafe(32)}@redis:6379/0")
        password = url.rpartition("@")[0].rpartition(":")[2]
        digest = hashlib.sha256(password.encode()).hexdigest()
        lines.append(f"user {user} on #{digest} {REDIS_MAY}")
    keep("redis/users.acl", "\n".join(lines) + "\n")


def application() -> None:
    """Each process signs with a key of its own."""
    shared = keep("site/field_key", secrets.token_urlsafe(48))
    for user in ("intake", "site", "office", "worker", "pdf", "beat", "migrate"):
        keep(f"{user}/secret_key", secrets.token_urlsafe(48))
        mine = shared if user in SHARE_FIELD_KEY else secrets.token_urlsafe(48)
        keep(f"{user}/field_key", mine)


def missing() -> list[str]:
    """What an operator has yet to bring; what is there is given to its user."""
    lacking = []
    for name, what in FROM_ELSEWHERE.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            own(path)
        else:
            lacking.append(f"  {path}: {what}")
    return lacking


def main() -> None:
    if os.geteuid() != 0:
        sys.exit("Run this as root: each file is given to the user of the process that reads it.")
    FOLDER.mkdir(parents=True, exist_ok=True, mode=0o700)
    database()
    broker()
    application()
    print(f"The secrets are in {FOLDER}; keep a copy of them where the database's is not.")
    if lacking := missing():
        print("\n".join(["Still to be brought, then run this again:", *lacking]))


if __name__ == "__main__":
    main()
