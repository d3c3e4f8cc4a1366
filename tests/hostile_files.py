"""Files that nobody sends in good faith, and honest ones after something happened to them."""

import bz2
import functools
import random
import struct
import zipfile
import zlib
from io import BytesIO

import pikepdf

from tests.honest_files import (
    TYPES,
    armed,
    box,
    docx,
    film,
    jpeg,
    moving_gif,
    open_document,
    package,
    pdf,
    picture,
)


def pdf_bomb():
    """A page whose drawing unpacks to 160 MB."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(8_000_000)) for _each in range(20)) + packer.flush()

    def arm(file):
        stream = file.make_stream(packed)
        stream.Filter = pikepdf.Name.FlateDecode
        file.pages[0].obj.Contents = stream

    as_it_is = pikepdf.StreamDecodeLevel.none
    return pdf(change=arm, compress_streams=False, stream_decode_level=as_it_is)


def claiming_entries():
    """A document that says itself that it unpacks to 450 MB."""
    small = docx(**parts(9, 54_321))
    return small.replace(struct.pack("<I", 54_321), struct.pack("<I", 50_000_000))


def parts(count, size):
    return {f"p{number}": bytes(size) for number in range(count)}


def png_of(width, height):
    """A picture that claims these sides, whose pixels pack to next to nothing."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def png_with_text_bomb():
    png = picture("PNG", (8, 8))
    packed = b"Comment\0\0" + zlib.compress(bytes(80_000_000), 9)
    chunk = (
        struct.pack(">I", len(packed))
        + b"zTXt"
        + packed
        + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    )
    return png[:33] + chunk + png[33:]


def linked_entry():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", TYPES)
        link = zipfile.ZipInfo("word/document.xml")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return out.getvalue()


def locked_entry():
    locked = bytearray(docx())
    # The bit that says so, in the head of the file and in its index.
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    return bytes(locked)


def lying_entry():
    """An entry that claims to be small, and is not."""
    content = b"<a>" + b" " * 80_000_000 + b"</a>"
    true = package({"[Content_Types].xml": TYPES, "word/document.xml": content})
    return true.replace(struct.pack("<I", len(content)), struct.pack("<I", 100))


ENTITIES = (
    "<!DOCTYPE d ["
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12)).replace("&e0;", "ha")
    + "]>"
)


E11 = "<w:p><w:t>&e11;</w:t></w:p>"
OUTSIDE = '<!DOCTYPE d [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>'
LOCKED = pikepdf.Encryption(owner="o", user="u")
RESTRICTED = pikepdf.Encryption(owner="o", user="")
DEEP = "<w:p>" * 200_000 + "<w:t>x</w:t>" + "</w:p>" * 200_000
WIDE = "<w:t>" + " " * 70_000_000 + "</w:t>"
LARGE_FRAME = b"GIF89a" + struct.pack("<HHxxx", 65535, 65535)
LARGE_FRAME += b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x4c\x01\0;"


# What it is → name, content, the code it is refused with; None when it is disarmed.
HOSTILE = {
    "nothing": ("a.jpg", lambda: b"", "empty"),
    "too large": ("a.jpg", lambda: b"\xff\xd8\xff" + bytes(25 * 1024 * 1024), "large"),
    "a program": ("a.exe", lambda: b"MZ" + bytes(500), "kind"),
    "a program called a picture": ("a.jpg", lambda: b"\x7fELF" + bytes(500), "kind"),
    "a script": ("a.txt", lambda: b"#!/bin/sh\nrm -rf /", "kind"),
    "a page": ("a.html", lambda: b"<script>alert(1)</script>", "kind"),
    "a page called text": ("a.txt", lambda: b"<script>alert(1)</script>", None),
    "drawing with a script": ("a.svg", lambda: b"<svg onload='x()'/>", "kind"),
    "random bytes": ("a.txt", lambda: random.Random(1).randbytes(3000), "kind"),
    "zeros": ("a.txt", lambda: bytes(3000), "kind"),
    "an archive": ("a.zip", lambda: package({"a.txt": "a"}), "archive"),
    "an archive called a document": ("a.docx", lambda: package({"a.txt": "a"}), "archive"),
    "rar": ("a.rar", lambda: b"Rar!\x1a\x07\0" + bytes(99), "archive"),
    "bzip2": ("a.bz2", lambda: bz2.compress(b"crates"), "archive"),
    "bitmap": ("a.bmp", lambda: picture("BMP"), "picture_kind"),
    "old office": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "old_office"),
    "tiff": ("a.tif", lambda: b"II*\0" + bytes(99), "picture_kind"),
    "a PDF called a picture": ("a.jpg", pdf, "misnamed"),
    "a picture called a PDF": ("a.pdf", jpeg, "misnamed"),
    "a picture called a program": ("a.jpg.exe", jpeg, "misnamed"),
    "half a picture": ("a.jpg", lambda: jpeg()[:4000], "damaged"),
    "a head of a picture": ("a.jpg", lambda: b"\xff\xd8\xff\xe0", "damaged"),
    "many pixels": ("a.png", lambda: png_of(60_000, 60_000), "too_much"),
    "fewer pixels than claimed": ("a.png", lambda: png_of(3_000, 3_000), "damaged"),
    "a bomb of words in a picture": ("a.png", png_with_text_bomb, "damaged"),
    "a large frame": ("a.gif", lambda: LARGE_FRAME, "too_much"),
    "many frames": ("a.gif", lambda: moving_gif(2000, (8, 8)), None),
    "a picture and an archive": ("a.jpg", lambda: jpeg() + package({"a.exe": "MZ"}), None),
    "a picture and a script": ("a.gif", lambda: moving_gif() + b"<script>alert(1)</script>", None),
    "a picture and a PDF": ("a.png", lambda: picture("PNG") + pdf(), None),
    "a PDF and an archive": ("a.pdf", lambda: pdf() + package({"a.exe": "MZ"}), None),
    "an armed PDF": ("a.pdf", lambda: pdf(change=armed), None),
    "a PDF with a password": ("a.pdf", lambda: pdf(encryption=LOCKED), "encrypted"),
    "a PDF that forbids": ("a.pdf", lambda: pdf(encryption=RESTRICTED), None),
    "half a PDF": ("a.pdf", lambda: pdf()[:60], "damaged"),
    "a deep PDF": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 300_000, "damaged"),
    "a PDF that is its own page": (
        "a.pdf",
        lambda: b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]/Count 1>>\nendobj\n"
        b"trailer<</Root 1 0 R/Size 2>>\n%%EOF",
        "damaged",
    ),
    "a bomb in a PDF": ("a.pdf", pdf_bomb, "damaged"),
    "a document with entities": ("a.docx", lambda: docx(E11, ENTITIES), "damaged"),
    "a document that reads a file": (
        "a.docx",
        lambda: docx(E11, OUTSIDE),
        "damaged",
    ),
    "a document with macros": ("a.docm", lambda: docx(**{"word/vbaProject.bin": b"\0"}), None),
    "a deep document": ("a.docx", lambda: docx(DEEP), None),
    "a bomb in a document": ("a.docx", lambda: docx(WIDE), "too_much"),
    "a bomb in many parts": ("a.docx", claiming_entries, "too_much"),
    "a document of many parts": ("a.docx", lambda: docx(**parts(5_001, 0)), "too_much"),
    "a document that lies": ("a.docx", lying_entry, "damaged"),
    "a document that climbs": ("a.docx", lambda: docx(**{"../../etc/cron.d/x": b"x"}), "damaged"),
    "a document with a link": ("a.docx", linked_entry, "damaged"),
    "a locked document": ("a.docx", locked_entry, "encrypted"),
    "a locked open document": (
        "a.odt",
        lambda: open_document(**{"META-INF/manifest.xml": b"<encryption-data/>"}),
        "encrypted",
    ),
    "half a document": ("a.docx", lambda: docx()[:300], "damaged"),
    "half a film": ("a.mp4", lambda: film()[:-100], "damaged"),
    "boxes without end": ("a.mp4", lambda: film() + box(b"free") * 30_000, "damaged"),
    "a film without an index": ("a.mp4", lambda: film(index=b"free"), "damaged"),
    "a tag without sound": ("a.mp3", lambda: b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + bytes(50), "damaged"),
    "white space": ("a.txt", lambda: b" \n\t\n ", "empty_text"),
}  # fmt: skip


@functools.cache
def hostile(what):
    """Its name, its content and its code."""
    name, make, code = HOSTILE[what]
    return name, make(), code


def broken(content, chance):
    """The same content after something happened to it."""
    way = chance.randrange(5)
    if way == 0:
        return content[: chance.randrange(len(content))] or b"x"
    body = bytearray(content)
    start = chance.randrange(len(body))
    end = min(start + chance.randrange(1, 200), len(body))
    if way == 1:
        for _each in range(chance.randrange(1, 30)):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    elif way == 2:
        body[start:end] = chance.randbytes(end - start)
    elif way == 3:
        del body[start:end]
    else:
        place = chance.randrange(len(body))
        body[place:place] = body[start:end] * chance.randrange(1, 20)
    return bytes(body) or b"x"
