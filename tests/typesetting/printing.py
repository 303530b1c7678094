"""Put together what a signed certificate carries, page and fonts and texts, and look at it."""

import subprocess
import unicodedata
from io import BytesIO

from PIL import Image, ImageChops
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

PIXELS_PER_INCH = 100


class Raw(generic.PdfObject):
    """The body of an object, written as it stands."""

    def __init__(self, body):
        self.body = body

    def write_to_stream(self, stream, handler=None, container_ref=None):  # noqa: ARG002
        stream.write(self.body)


def printed(sheet, fonts, content):
    """The sheet with these operators drawn over it, as one PDF file."""
    writer = IncrementalPdfFileWriter(BytesIO(sheet.pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    resources = page["/Resources"].get_object()
    named = resources.setdefault("/Font", generic.DictionaryObject())
    for font in fonts:
        first = writer._lastobj_id + 1
        references = [writer.add_object(Raw(body)) for body in font.objects(first)]
        assert references[0].idnum == first
        named[generic.NameObject(f"/{font.name}")] = references[0]
    texts = writer.add_object(generic.StreamObject(stream_data=content))
    before = page.raw_get("/Contents")
    page[generic.NameObject("/Contents")] = generic.ArrayObject([before, texts])
    writer.update_container(resources)
    writer.update_container(page)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def drawn(pdf):
    """The first page as an image, by poppler."""
    command = ["pdftoppm", "-r", str(PIXELS_PER_INCH), "-png", "-singlefile", "-"]
    image = subprocess.run(command, input=pdf, check=True, capture_output=True).stdout
    return Image.open(BytesIO(image)).convert("L")


def read(pdf):
    """The words of a file, by poppler."""
    said = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True
    ).stdout.decode()
    return " ".join(unicodedata.normalize("NFC", said).split())


def share_that_differs(one, other):
    """Which share of the pixels differ by more than anti-aliasing."""
    histogram = ImageChops.difference(one, other).histogram()
    return sum(histogram[64:]) / sum(histogram)
