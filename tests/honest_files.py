"""Files as people send them, made here, with a word inside that no viewing copy may show."""

import functools
import struct
import wave
import zipfile
from email.message import EmailMessage
from io import BytesIO

import pikepdf
from PIL import Image

PLACE = 0x8825
CANARY = b"Kilroy-4711"


def jpeg(size=(640, 480), **options):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = CANARY.decode()
    exif.get_ifd(PLACE).update({1: "N", 2: (59.0, 20.0, 3.0), 3: "E", 4: (18.0, 3.0, 5.0)})
    return picture("JPEG", size, exif=exif, comment=CANARY, **options)


def picture(kind, size=(640, 480), mode="RGB", **options):
    out = BytesIO()
    image = Image.linear_gradient("L").resize(size).convert(mode)
    image.save(out, kind, **options)
    return out.getvalue()


def moving_gif(frames=3, size=(64, 48)):
    out = BytesIO()
    pictures = [Image.new("L", size, number % 250) for number in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], comment=CANARY)
    return out.getvalue()


def pdf(pages=1, change=None, **saving):
    out = BytesIO()
    with pikepdf.new() as file:
        for number in range(pages):
            page = file.add_blank_page(page_size=(595, 842))
            words = b"BT /F1 24 Tf 72 700 Td (Container %d) Tj ET" % number
            page.Contents = file.make_stream(words)
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        file.docinfo["/Author"] = CANARY.decode()
        if change:
            change(file)
        file.save(out, **saving)
    return out.getvalue()


def armed(file):
    """Everything that a document can do besides being read."""
    name, make = pikepdf.Name, pikepdf.Dictionary
    script = make(S=name.JavaScript, JS=CANARY.decode())
    file.Root.OpenAction = script
    file.attachments["payload.exe"] = b"MZ" + CANARY
    page = file.pages[0].obj
    page["/AA"] = make(O=make(S=name.Launch, F="cmd.exe"))
    page["/PieceInfo"] = make(X=make(Private=CANARY.decode()))
    link = make(Type=name.Annot, Subtype=name.Link, Rect=[0, 0, 9, 9])
    link.A = make(S=name.URI, URI="https://" + CANARY.decode() + ".example/")
    page["/Annots"] = pikepdf.Array([file.make_indirect(link)])
    drawn = file.make_stream(jpeg((32, 32)), Type=name.XObject, Subtype=name.Image)
    drawn.Width, drawn.Height, drawn.ColorSpace, drawn.BitsPerComponent = 32, 32, name.DeviceRGB, 8
    drawn.Filter = name.DCTDecode
    drawn.Metadata = file.make_stream(CANARY)
    page.Resources.XObject = make(Im0=drawn)


def package(parts, level=zipfile.ZIP_DEFLATED):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", level) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = b'<?xml version="1.0"?><Types><Override ContentType="wordprocessingml"/></Types>'


def docx(body="<w:p><w:r><w:t>Ten crates</w:t></w:r></w:p>", before="", **more):
    xml = f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    author = b"<coreProperties><creator>" + CANARY + b"</creator></coreProperties>"
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": xml, "docProps/core.xml": author}
    return package({**parts, **more})


def xlsx():
    strings = f'<sst xmlns="{SHEET}"><si><t>plate</t></si><si><r><t>ABC</t></r></si></sst>'
    rows = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>42</v></c></row>'
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    types = TYPES.replace(b"wordprocessingml", b"spreadsheetml")
    parts = {"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"}
    return package({**parts, "xl/sharedStrings.xml": strings, "xl/worksheets/sheet1.xml": sheet})


def open_document(kind="text", **more):
    vocabulary = "urn:oasis:names:tc:opendocument:xmlns:"
    body = "<text:p>Ten <text:span>crates</text:span></text:p>"
    xml = f'<o:content xmlns:o="{vocabulary}office:1.0" xmlns:text="{vocabulary}text:1.0">{body}'
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": xml + "</o:content>",
        "meta.xml": CANARY,
    }
    return package({**parts, **more}, zipfile.ZIP_STORED)


def letter():
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@x.example", "b@y.example", "The usual crates"
    mail.set_content("Collect them at the gate.")
    mail.add_attachment(b"MZ" + CANARY, maintype="application", subtype="x", filename="x.exe")
    return mail.as_bytes()


def box(name, content=b""):
    return struct.pack(">I4s", 8 + len(content), name) + content


def film(brand=b"isom", index=b"moov"):
    return box(b"ftyp", brand + bytes(4)) + box(index, bytes(40)) + box(b"mdat", bytes(500))


def wav():
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(4000))
    return out.getvalue()


def ogg(pages=3):
    page = b"OggS" + bytes(22) + b"\x01\x20" + bytes(32)
    return page * pages


def mp3(tag=b""):
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * 6


def webm():
    head = b"\x42\x82\x84webm"
    return (
        b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x18\x53\x80\x67\x85" + b"12345"
    )


@functools.cache
def honest():
    """Kind → name and content, as telephones and offices make them."""
    return {
        "jpeg": ("IMG_2044.JPG", jpeg()),
        "png": ("screen.png", picture("PNG", mode="RGBA")),
        "gif": ("moving.gif", moving_gif()),
        "webp": ("share.webp", picture("WEBP")),
        "pdf": ("waybill.pdf", pdf(2)),
        "docx": ("list.docx", docx()),
        "xlsx": ("plates.xlsx", xlsx()),
        "odt": ("list.odt", open_document()),
        "ods": ("plates.ods", open_document("spreadsheet")),
        "text": ("notes.txt", "Två lådor\r\nvid grinden".encode()),
        "csv": ("plates.csv", b"plate;time\nABC123;22:10\n"),
        "eml": ("usual.eml", letter()),
        "mp4": ("VID.mp4", film()),
        "mov": ("IMG.MOV", film(b"qt  ")),
        "m4a": ("voice.m4a", film(b"M4A ")),
        "3gp": ("old.3gp", film(b"3gp4")),
        "heic": ("IMG.HEIC", film(b"heic", b"meta")),
        "wav": ("call.wav", wav()),
        "ogg": ("voice.opus", ogg()),
        "mp3": ("call.mp3", mp3(b"ID3\x03\0\0\0\0\0\x0a" + bytes(10))),
        "webm": ("clip.webm", webm()),
        "amr": ("memo.amr", b"#!AMR\n" + bytes(60)),
    }
