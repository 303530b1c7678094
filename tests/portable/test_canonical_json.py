import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portable.canonical import NotCanonical, canonical

# RFC 8785, appendix B: IEEE 754 double precision, and how it is written.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "written"), NUMBERS.items())
def test_numbers_are_written_as_the_standard_shows(bits, written):
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number).decode() == written


def test_values_are_written_as_the_standard_shows():
    """§3.2.2 and §3.2.3, the example of the standard."""
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }

    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_names_are_sorted_as_the_standard_shows():
    """§3.2.3: by UTF-16 code units, so a smiley stands before a Hebrew letter."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    written = canonical(dict.fromkeys(names, 0)).decode()

    found = [name for name, _ in json.loads(written, object_pairs_hook=list)]
    assert found == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**53) + 1, 2**53 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("aé€😀"), inner),
        max_leaves=10,
    )
)
def test_what_is_written_reads_the_same_and_is_written_the_same_again(value):
    written = canonical(value)

    read = json.loads(written, parse_int=float)  # as every reader but Python's takes numbers
    assert read == value
    assert canonical(read) == written


@pytest.mark.parametrize(
    "value", [2**53, float("nan"), float("inf"), {1: 2}, {"a": b""}, "\ud800", {1, 2}]
)
def test_what_json_does_not_carry_unharmed_is_refused(value):
    with pytest.raises(NotCanonical):
        canonical(value)
