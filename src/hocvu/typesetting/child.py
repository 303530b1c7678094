"""What works on strangers' files: a script in a process of its own, which loads nothing of Hocvu.

    python child.py page FONTS      order as JSON on standard input; answer: a line of JSON, a file
    python child.py picture WIDTH SECONDS     an image on standard input; answer: the same

Before the stranger's part begins it gives up every right it has left: to open anything, to work
long, to take much memory. `apart` and `pictures` start it and read its answers.
"""

import json
import resource
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

MOST_OCTETS: Final = 20 * 1024**2
MOST_PIXELS: Final = 16_000_000
TWO_PAGES: Final = "HOCVU-PAGES"
_MOST_MEMORY: Final = 2 * 1024**3
_SEEN: Final = 40  # of 255: what an eye sees of a pixel
_TINTED: Final = 40  # of 255: by how much one colour leads

Told = dict[str, Any]


def give_up_everything(seconds: int) -> None:
    """Open nothing more (no file, no socket, no process), and end soon: for good."""
    for what, most in (
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, MOST_OCTETS),
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def say(told: Told, octets: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + octets)


# --- Pages ---------------------------------------------------------------------------------------


def set_page(order: Mapping[str, Any], font_folder: Path) -> None:
    """Set a typst source; the places its labels name are told for a form."""
    import typst  # noqa: PLC0415 — a picture needs none

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder]
    )
    typst.Compiler(_every_face(fonts), font_folder, fonts).compile(format="pdf")
    give_up_everything(order["seconds"])

    def compiler() -> Any:  # anew each time: typst-py forgets a source once it is used
        return typst.Compiler(order["source"].encode(), font_folder, fonts)

    try:
        if order["wanted"] == "png":
            _say_image(compiler().compile(format="png", ppi=order["ppi"]))
            return
        pdf = compiler().compile(
            format="pdf", pdf_standards="a-2b", timestamp=order["timestamp"], pdf_tags=False
        )
        is_form = order["wanted"] == "form"
        places = compiler().query("<hocvu-place>", field="value") if is_form else "[]"
    except typst.TypstError as trouble:
        say({"refused": {"message": trouble.message, "where": trouble.diagnostic}})
    else:
        say({"places": json.loads(places)}, pdf)


def _say_image(made: bytes | list[bytes]) -> None:
    if isinstance(made, list):
        say({"refused": {"message": TWO_PAGES, "where": ""}})
    else:
        say({"places": []}, made)


def _every_face(fonts: Any) -> bytes:
    """A page that makes typst read each typeface file, before none can be opened any more."""
    looks = {(each.family, each.weight, each.style) for each in fonts.fonts()}
    return "\n".join(
        f'#text(font: "{family}", weight: {weight}, style: "{style.lower()}")[a]'
        for family, weight, style in sorted(looks)
    ).encode()


# --- Pictures ------------------------------------------------------------------------------------


def draw_picture(content: bytes, width: int, seconds: int) -> None:
    """Draw a PNG image anew at most so many pixels wide, and say what it looks like."""
    from PIL import Image, ImageStat  # noqa: PLC0415 — a page needs none

    Image.init()
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    give_up_everything(seconds)
    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                say({"unusable": "too_large"})
                return
            picture = opened.convert("RGBA")
    except Image.DecompressionBombError:
        say({"unusable": "too_large"})
        return
    except (OSError, ValueError, SyntaxError):
        say({"unusable": "damaged"})
        return
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha > _SEEN else 0)
    inside = seen.getbbox()
    if inside is None:
        say({"unusable": "empty"})
        return
    picture, seen = picture.crop(inside), seen.crop(inside)
    look = _look(ImageStat.Stat(picture.convert("RGB"), seen).mean, seen.histogram())
    if picture.width > width:
        height = max(1, round(picture.height * width / picture.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    say({"width": picture.width, "height": picture.height, **look}, written.getvalue())


def _look(mean: list[float], histogram: list[int]) -> Told:
    """How much one can look through, and which colour leads in the rest."""
    red, green, blue = mean
    tint = "other"
    if red - max(green, blue) > _TINTED:
        tint = "red"
    elif blue - max(red, green) > _TINTED:
        tint = "blue"
    return {"see_through": histogram[0] / sum(histogram), "tint": tint}


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "page":
        set_page(json.load(sys.stdin), Path(rest[0]))
    else:
        draw_picture(sys.stdin.buffer.read(), int(rest[0]), int(rest[1]))
