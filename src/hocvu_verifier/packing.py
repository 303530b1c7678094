"""Streams without their filter (ISO 32000-2, 7.4): Flate, as cross-references use it."""

import zlib
from typing import Final

from hocvu_verifier.objects import Item, Name, Stream, Unreadable

LARGEST_STREAM: Final = 1 << 22  # bytes, unpacked
WIDEST_ROW: Final = 100  # bytes of one row of a cross-reference stream


def unpacked(stream: Stream) -> bytes:
    """Return a stream's octets without its filter: none, or Flate with or without predictor."""
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
    if predictor == 1:
        return octets
    if not isinstance(columns, int) or not 0 < columns < WIDEST_ROW:
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
