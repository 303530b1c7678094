"""QTI 3.0: read through the same tree as 2.x, written as a content package."""

from hocvu.items.formats.qti_package import read_qti as read_qti3
from hocvu.items.formats.qti_writing import write_qti3

__all__ = ["read_qti3", "write_qti3"]
