"""Vectors: RFC 8949, appendix A, as far as this encoder goes, and the key order of §4.2.1."""

import pytest

from hocvu.register.cbor import encode


@pytest.mark.parametrize(
    ("value", "encoding"),
    [
        (0, "00"),
        (1, "01"),
        (10, "0a"),
        (23, "17"),
        (24, "1818"),
        (25, "1819"),
        (100, "1864"),
        (1000, "1903e8"),
        (1000000, "1a000f4240"),
        (1000000000000, "1b000000e8d4a51000"),
        (18446744073709551615, "1bffffffffffffffff"),
        (-18446744073709551616, "3bffffffffffffffff"),
        (-1, "20"),
        (-10, "29"),
        (-100, "3863"),
        (-1000, "3903e7"),
        (b"", "40"),
        (b"\x01\x02\x03\x04", "4401020304"),
        ("", "60"),
        ("a", "6161"),
        ("IETF", "6449455446"),
        ('"\\', "62225c"),
        ("\u00fc", "62c3bc"),
        ("\u6c34", "63e6b0b4"),
        ("\U00010151", "64f0908591"),
        ({}, "a0"),
        ({1: 2, 3: 4}, "a201020304"),
        (
            {"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"},
            "a56161614161626142616361436164614461656145",
        ),
    ],
)
def test_the_values_of_the_standard_have_its_encodings(value, encoding):
    assert encode(value).hex() == encoding


def test_map_keys_come_in_the_order_of_the_standard_however_they_were_given():
    in_order = [10, 100, -1, "z", "aa"]

    encoded = encode(dict.fromkeys(reversed(in_order), 0))

    assert encoded.hex() == "a5" + "".join(encode(key).hex() + "00" for key in in_order)


@pytest.mark.parametrize("value", [None, True, False, 1.0, [1], {"nested": None}, {True: 1}])
def test_what_an_entry_has_no_place_for_is_refused(value):
    with pytest.raises(TypeError, match="holds no"):
        encode(value)


@pytest.mark.parametrize("value", [2**64, -(2**64) - 1])
def test_integers_beyond_64_bits_are_refused(value):
    with pytest.raises(ValueError, match="64 bits"):
        encode(value)


def test_text_that_is_not_unicode_is_refused():
    with pytest.raises(UnicodeEncodeError):
        encode("\ud800")
