"""Names as they are kept: no path, nothing unseen, one true ending, at most 100 characters."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.file_names import cleaned_name, ending_of


@pytest.mark.parametrize(
    ("name", "kind", "cleaned"),
    [
        ("IMG_2044.JPG", "jpeg", "IMG_2044.jpg"),
        ("notes", "text", "notes.txt"),
        ("2026.11.25 gate.png", "png", "2026_11_25 gate.png"),
        ("photo.2026", "jpeg", "photo_2026.jpg"),
        ("../../etc/passwd", "text", "passwd.txt"),
        ("C:\\Users\\me\\waybill.pdf", "pdf", "waybill.pdf"),
        ("invoice.exe.pdf", "pdf", "invoice_exe.pdf"),
        ("invoice\u202efdp.exe", "pdf", "invoicefdp.pdf"),
        ("a\0b\r\nc\x1b.png", "png", "abc.png"),
        ("con.txt", "text", "file con.txt"),
        (".htaccess", "text", "file.txt"),
        ("", "gif", "file.gif"),
        ("...", "gif", "file.gif"),
        ("=cmd|calc.csv", "csv", "cmd_calc.csv"),
        ("<b>x</b>.png", "png", "b.png"),
        ("x" * 300 + ".png", "png", "x" * 96 + ".png"),
        ("lådor på kajen.heic", "heic", "lådor på kajen.heic"),
    ],
)
def test_cleaned_name_is_safe_everywhere(name, kind, cleaned):
    assert cleaned_name(name, kind) == cleaned


@pytest.mark.parametrize(
    ("name", "ending"),
    [("A.JPG", "jpg"), ("a", ""), ("a.1", ""), ("a.jpg.exe", "exe"), ("a\u202egpj.exe", "exe")],
)
def test_ending_is_what_the_name_says(name, ending):
    assert ending_of(name) == ending


@given(st.text(max_size=300), st.sampled_from(["jpeg", "text", "docx"]))
def test_cleaned_name_of_anything_is_a_name(name, kind):
    cleaned = cleaned_name(name, kind)
    stem, _dot, ending = cleaned.rpartition(".")
    assert 0 < len(stem)
    assert len(cleaned) <= 100
    assert ending in {"jpg", "txt", "docx"}
    assert not set(cleaned) & set('/\\:*?"<>|')
    assert "." not in stem
    assert not {unicodedata.category(each) for each in cleaned} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert cleaned_name(cleaned, kind) == cleaned
