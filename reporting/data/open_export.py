"""Opens a sealed export: python3 open_export.py EXPORT.zip NEW_FOLDER (needs cryptography)."""

import getpass
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

if len(sys.argv) != 3:
    sys.exit(__doc__)
archive, folder = zipfile.ZipFile(sys.argv[1]), Path(sys.argv[2]).resolve()
INNER, manifest = "manifest.sealed", json.loads(archive.read("manifest.json"))
head, listed = manifest["head"], manifest["entries"]
digests = {n: hashlib.sha256(archive.read(n)).hexdigest() for n in archive.namelist()}
if listed != {name: found for name, found in digests.items() if name != "manifest.json"}:
    sys.exit("Refused: entries of this export were altered, removed or added.")
typed = "".join(getpass.getpass("Passphrase: ").upper().replace("-", "").split()).encode()
salt = bytes.fromhex(head["salt"])
key = hashlib.scrypt(typed, salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)


def opened(name: str) -> bytes:
    sealed, place = archive.read(name), f"{head['export']}|{name}".encode()
    return ChaCha20Poly1305(key).decrypt(sealed[:12], sealed[12:], place)


try:
    inner = json.loads(opened(INNER))
    if inner["head"] != head or listed != {**inner["entries"], INNER: listed[INNER]}:
        sys.exit("Refused: the list of entries is not the one that was sealed.")
    for one in inner["files"]:
        path, data = (folder / one["name"]).resolve(), b"".join(map(opened, one["entries"]))
        if folder not in path.parents or hashlib.sha256(data).hexdigest() != one["sha256"]:
            sys.exit("Refused: a name leads elsewhere, or a content is another one.")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.open("xb").write(data)
except InvalidTag:
    sys.exit("Refused: the passphrase is wrong, or the export was altered.")
