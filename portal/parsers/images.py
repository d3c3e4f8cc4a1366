"""Pictures: one bounded frame, upright, redrawn from its pixels, so that nothing else survives."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from portal.parsers.found import Found, Unfit

# Only these four are ever tried; each is imported by name, so that no other is registered.
PLUGINS = {
    "jpeg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
}
EDGE = 2560
QUALITY = 88
# A JPEG is read at a fraction of its size; the others need all their pixels in memory.
MOST_PIXELS = {"jpeg": 220_000_000}
MOST_PIXELS_OTHERWISE = 50_000_000
GPS = 0x8825
# What Pillow reads beside the pixels.
BESIDE = {"exif", "xmp", "XML:com.adobe.xmp", "comment", "icc_profile", "photoshop", "Comment"}


def parse(kind: str, data: bytes) -> Found:
    """The picture as a JPEG of at most 2560 pixels a side."""
    # Our own bound on pixels stands below; Pillow's would warn, and a warning is nobody's here.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    with Image.open(BytesIO(data), formats=[str(PLUGINS[kind])]) as picture:
        width, height = picture.size
        if width * height > MOST_PIXELS.get(kind, MOST_PIXELS_OTHERWISE):
            raise Unfit("too_much")
        notes = _met(picture)
        if kind == "jpeg":
            picture.draft("RGB", (EDGE, EDGE))
        picture.load()
        upright = ImageOps.exif_transpose(_bounded(picture))
        view = BytesIO()
        _plain(upright).save(view, "JPEG", quality=QUALITY, optimize=False)
    return Found(kind, view.getvalue(), "jpeg", notes)


def _met(picture: Image.Image) -> set[str]:
    notes = set()
    exif = picture.getexif()
    if exif or BESIDE & set(picture.info) or getattr(picture, "text", None):
        notes.add("metadata_removed")
    if exif.get_ifd(GPS):
        notes.add("gps_removed")
    if getattr(picture, "n_frames", 1) > 1 and picture.format in {"GIF", "PNG", "WEBP"}:
        notes.add("first_frame")
    return notes


def _bounded(picture: Image.Image) -> Image.Image:
    """Made small before it is made colourful: the order decides how much memory it takes."""
    if picture.mode in {"P", "PA", "1"}:
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture.thumbnail((EDGE, EDGE))
    return picture


def _plain(picture: Image.Image) -> Image.Image:
    """On white where it was see-through, and nothing but pixels."""
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in picture.mode or "a" in picture.mode or "transparency" in picture.info:
        above = picture.convert("RGBA")
        picture = Image.new("RGB", above.size, "white")
        picture.paste(above, mask=above.getchannel("A"))
    picture = picture.convert("RGB")
    return Image.frombytes("RGB", picture.size, picture.tobytes())
