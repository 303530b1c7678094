"""Streams without their filter (ISO 32000-2, 7.4): Flate, as cross-references use it."""

import zlib
from typing import Final

from hocvu_verifier.objects import Item, Name, Stream, Unreadable, is_same

LARGEST_STREAM: Final = 1 << 22  # bytes, unpacked
WIDEST_ROW: Final = 100  # bytes of one row of a cross-reference stream
# Some readers take these for the filter (they are its names in pictures, 8.9.7), or look elsewhere.
OTHER_NAMES: Final = {Name(each) for each in (b"F", b"FFilter", b"FDecodeParms", b"DP", b"Fl")}
PREDICTORS: Final = range(10, 16)  # PNG (table 10): each row says itself which it follows
OF_PREDICTORS: Final[dict[Name, Item]] = {Name(b"Colors"): 1, Name(b"BitsPerComponent"): 8}


def unpacked(stream: Stream) -> bytes:
    """Return a stream's octets without its filter: none, or Flate with or without predictor."""
    if stream.about.keys() & OTHER_NAMES:
        raise Unreadable("A stream is packed in a way that is not read here.")
    filters = stream.about.get(Name(b"Filter"))
    if filters is None:
        return stream.octets
    if filters not in (Name(b"FlateDecode"), [Name(b"FlateDecode")]):
        raise Unreadable("A stream is packed in a way that is not read here.")
    try:
        unpacker = zlib.decompressobj()
        octets = unpacker.decompress(stream.octets, LARGEST_STREAM)
    except zlib.error as broken:
        raise Unreadable("A stream cannot be unpacked.") from broken
    if not unpacker.eof or unpacker.unused_data.strip(b"\r\n"):
        raise Unreadable("A stream does not end where its packing ends, or is too long.")
    parameters = stream.about.get(Name(b"DecodeParms"))
    if isinstance(parameters, list) and len(parameters) == 1:
        parameters = parameters[0]
    if parameters is None:
        return octets
    return _unpredicted(octets, parameters)


def _unpredicted(octets: bytes, parameters: Item) -> bytes:
    """Undo the PNG predictor "up" (7.4.4.4), the only one that cross-references use."""
    about = parameters if isinstance(parameters, dict) else {}
    columns, predictor = about.get(Name(b"Columns"), 1), about.get(Name(b"Predictor"), 1)
    if type(predictor) is not int or not all(
        is_same(about.get(key, usual), usual) for key, usual in OF_PREDICTORS.items()
    ):
        raise Unreadable("A stream is packed in a way that is not read here.")
    if predictor == 1:
        return octets
    if type(columns) is not int or not 0 < columns < WIDEST_ROW or predictor not in PREDICTORS:
        raise Unreadable("A stream is packed in a way that is not read here.")
    rows, above = bytearray(), bytes(columns)
    for start in range(0, len(octets), columns + 1):
        kind, row = octets[start], octets[start + 1 : start + 1 + columns]
        if kind not in (0, 2) or len(row) != columns:
            raise Unreadable("A stream is packed in a way that is not read here.")
        if kind:
            row = bytes((new + old) & 0xFF for new, old in zip(row, above, strict=True))
        rows += row
        above = row
    return bytes(rows)
