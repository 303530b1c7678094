"""QTI 2.1 and 2.2, read through the same tree as 3.0."""

from hocvu.items.formats.qti_package import read_qti as read_qti2

__all__ = ["read_qti2"]
