"""Files of a report: known by content, shown as a clean copy, or refused with a sentence."""

import os
import random
import re
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from portal import examined_files as files
from portal.examined_files import FileRefused, check_room, examine
from portal.file_words import AS_IT_CAME, NOTES, SENTENCES, remarks
from tests import honest_files, hostile_files
from tests.honest_files import CANARY, honest
from tests.hostile_files import HOSTILE, hostile

WITHOUT_A_VIEW = {"mp4", "mov", "m4a", "3gp", "heic", "wav", "ogg", "mp3", "webm", "amr"}


@pytest.mark.parametrize("kind", honest())
def test_examine_knows_what_people_send(kind):
    name, content = honest()[kind]

    found = examine(name, content)

    assert found.kind == kind
    assert (found.view is None) == (kind in WITHOUT_A_VIEW) == ("no_view" in found.notes)
    assert CANARY not in (found.view or b"")
    assert found.scan == "unscanned"


@pytest.mark.parametrize("what", HOSTILE)
def test_examine_refuses_or_disarms(what):
    name, content, code = hostile(what)
    if code is None:
        found = examine(name, content)
        assert found.view
        assert CANARY not in found.view
    else:
        with pytest.raises(FileRefused) as refused:
            examine(name, content)
        assert refused.value.code == code
        assert re.fullmatch(r"[A-Z].*[.]", str(refused.value))


@pytest.mark.parametrize(
    "first",
    ["BMW X5", "MZ 44-11", "ID3, white", "OggS", "BZh 12", "Rar! he wrote", "the ftyp"],
)
def test_examine_takes_a_note_whatever_letters_it_begins_with(first):
    note = f"{first}\nby the gate at 22:10"
    assert examine("note.txt", note.encode()).view == note.encode()


def test_examine_draws_a_photo_anew_and_upright():
    found = examine("IMG.JPG", honest_files.jpeg((4000, 3000)))

    with Image.open(BytesIO(found.view)) as shown:
        assert shown.size == (1920, 2560)
        assert not shown.getexif()
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert {"gps_removed", "metadata_removed"} <= set(found.notes)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_examine_draws_every_mode_of_picture(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    picture = Image.new("L", (30, 20), 255).convert("I" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = Image.new("I;16", (30, 20), 65_535)
    out = BytesIO()
    picture.save(out, kind)

    with Image.open(BytesIO(examine("a." + kind, out.getvalue()).view)) as shown:
        assert shown.mode == "RGB"
        assert min(shown.getpixel((15, 10))) > 250


def test_examine_shows_what_is_see_through_on_white():
    out = BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(BytesIO(examine("a.png", out.getvalue()).view)) as shown:
        assert shown.getpixel((15, 10)) == (255, 255, 255)


def test_examine_leaves_of_a_pdf_only_what_draws_its_pages():
    found = examine("a.pdf", honest_files.pdf(2, change=honest_files.armed))

    told = {"javascript", "embedded_files", "links_removed", "metadata_removed"}
    assert told <= set(found.notes)
    with pikepdf.open(BytesIO(found.view)) as shown:
        assert set(shown.Root.keys()) == {"/Type", "/Pages"}
        assert not len(shown.docinfo)
        assert len(shown.pages) == 2
        assert not set(shown.pages[0].obj.keys()) & {"/Annots", "/AA", "/PieceInfo"}
        everything = b"".join(
            each.read_raw_bytes() if "/Subtype" in each else each.read_bytes()
            for each in shown.objects
            if isinstance(each, pikepdf.Stream)
        )
    assert CANARY not in everything
    assert b"Container 0" in everything


def test_examine_shows_what_was_filled_into_a_form(tmp_path):
    def fill(file):
        name, make = pikepdf.Name, pikepdf.Dictionary
        field = make(Type=name.Annot, Subtype=name.Widget, FT=name.Tx, T="plate", V="ABC123")
        field.Rect, field.DA, field.F = [72, 500, 300, 530], "/F1 12 Tf 0 g", 4
        page = file.pages[0].obj
        page["/Annots"] = pikepdf.Array([file.make_indirect(field)])
        form = make(Fields=page["/Annots"], DA="/F1 12 Tf 0 g", DR=page.Resources)
        form.NeedAppearances = True
        file.Root.AcroForm = form

    path = tmp_path / "view.pdf"
    path.write_bytes(examine("a.pdf", honest_files.pdf(change=fill)).view)

    assert "ABC123" in subprocess.check_output(["pdftotext", path, "-"], text=True)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("docx", "Ten crates"),
        ("xlsx", "plate\tABC\t42"),
        ("odt", "Ten crates"),
        ("ods", "Ten crates"),
        ("text", "Två lådor\nvid grinden"),
        ("eml", "Subject: The usual crates\n\nCollect them at the gate."),
    ],
)
def test_examine_shows_the_words(kind, words):
    found = examine(*honest()[kind])
    assert found.view_kind == "text"
    assert words in found.view.decode()


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("Å".encode("utf-16"), "Å"),
        ("Å".encode("utf-8-sig"), "Å"),
        ("Å".encode("cp1252"), "Å"),
        ("a\u202eb\u200bc\x1b[31m".encode(), "abc[31m"),
    ],
)
def test_examine_reads_text_of_any_desk(content, shown):
    assert examine("a.txt", content).view.decode() == shown


@pytest.mark.parametrize(
    ("what", "note"),
    [
        ("a document with macros", "macros"),
        ("a picture and an archive", "hidden_data"),
        ("a picture and a script", "hidden_data"),
        ("a picture and a PDF", "hidden_data"),
        ("a PDF and an archive", "hidden_data"),
        ("a PDF that forbids", "restricted"),
        ("many frames", "first_frame"),
    ],
)
def test_examine_remarks_what_it_met(what, note):
    found = examine(*hostile(what)[:2])
    assert note in found.notes
    assert str(NOTES[note]) in remarks(found.note)


def test_remarks_speak_of_no_copy_where_none_is_kept():
    said = remarks(" ".join(NOTES), copied=False)
    assert len(said) == len(AS_IT_CAME)
    assert not any("copy does" in one or "viewing" in one or "original" in one for one in said)
    about_the_copy = {"first_frame", "words_only", "shortened", "encoding_guessed", "no_view"}
    assert set(NOTES) - set(AS_IT_CAME) == about_the_copy


def test_examine_remarks_a_name_of_another_picture():
    assert "named_otherwise" in examine("a.jpg", honest()["png"][1]).notes
    assert "named_otherwise" not in examine("a.jpeg", honest()["jpeg"][1]).notes


def test_room_is_for_ten_files_of_100_mb():
    check_room([1] * 9, 1)
    for kept, size, code in [
        ([1] * 10, 1, "many"),
        ([25_000_000] * 4, 6_000_000, "together"),
        ([], files.LARGEST + 1, "large"),
        ([], 0, "empty"),
    ]:
        with pytest.raises(FileRefused) as refused:
            check_room(kept, size)
        assert refused.value.code == code


@settings(max_examples=12, deadline=None)
@given(kind=st.sampled_from(sorted(honest())), seed=st.integers(0, 2**32))
def test_examine_of_a_broken_file_returns_or_refuses(kind, seed):
    name, content = honest()[kind]
    outcome = outcome_of(name, hostile_files.broken(content, random.Random(seed)))
    assert outcome in {*files.ALLOWED, *SENTENCES}


def outcome_of(name, content):
    """The kind it is taken as, or the code it is refused with; anything else fails the test."""
    try:
        return examine(name, content).kind
    except FileRefused as refused:
        return refused.code


@pytest.mark.soak
def test_examine_of_a_thousand_broken_files_returns_or_refuses():
    """As many as there is time for."""
    chance = random.Random()
    until = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "3600")) * 0.2

    def throw(_number):
        return outcome_of(*some_broken(chance)) if time.monotonic() < until else None

    with ThreadPoolExecutor(files.AT_ONCE) as pool:
        outcomes = [outcome for outcome in pool.map(throw, range(1000)) if outcome]
    print(f"{len(outcomes)} files")
    assert set(outcomes) <= {*files.ALLOWED, *SENTENCES} - {"busy"}
    # A machine that refused or took all of them would prove nothing.
    taken = set(outcomes) & set(files.ALLOWED)
    assert len(outcomes) < 200 or ("damaged" in outcomes and len(taken) >= 3)


def some_broken(chance):
    """One of all the files there are, broken up to three times."""
    every = [*honest().values(), *((name, content) for name, content, _code in small_hostile())]
    name, content = chance.choice(every)
    for _each in range(chance.randrange(1, 4)):
        content = hostile_files.broken(content, chance)
    return name, content


def small_hostile():
    return [each for each in map(hostile, HOSTILE) if 0 < len(each[1]) < 1_000_000]
