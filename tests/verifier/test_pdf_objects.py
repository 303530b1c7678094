"""Examples of ISO 32000-2, 7.3: objects as they are written and what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu_verifier.objects import Name, Ref, Stream, Unreadable, indirect_at, item_at
from hocvu_verifier.refusals import NotVerified


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"(This is a string)", b"This is a string"),
        (b"(Strings can contain newlines\nand such.)", b"Strings can contain newlines\nand such."),
        (b"(balanced (parentheses) too)", b"balanced (parentheses) too"),
        (b"()", b""),
        (b"(These \\\ntwo strings \\\nare the same.)", b"These two strings are the same."),
        (b"(This string contains \\245two octal characters\\307.)",
         b"This string contains \xa5two octal characters\xc7."),
        (b"(\\0053)", b"\0053"),
        (b"(\\053)", b"+"),
        (b"(\\53)", b"+"),
        (b"(\\8\\9)", b"89"),
        (b"(\\n\\(\\)\\\\)", b"\n()\\"),
        (b"<4E6F762073686D6F7A206B6120706F702E>", b"Nov shmoz ka pop."),
        (b"<901FA3>", b"\x90\x1f\xa3"),
        (b"<901FA>", b"\x90\x1f\xa0"),
        (b"<90 1f\nA3>", b"\x90\x1f\xa3"),
    ],
)  # fmt: skip
def test_strings(written, meant):
    string, end = item_at(written, 0)

    assert string.octets == meant
    assert (string.start, string.end, end) == (0, len(written), len(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (b"123", 123),
        (b"+17", 17),
        (b"-98", -98),
        (b"34.5", 34.5),
        (b"+123.6", 123.6),
        (b"4.", 4.0),
        (b"-.002", -0.002),
        (b"true", True),
        (b"null", None),
        (b"/Name1", Name(b"Name1")),
        (b"/A;Name_With-Various***Characters?", Name(b"A;Name_With-Various***Characters?")),
        (b"/Lime#20Green", Name(b"Lime Green")),
        (b"/paired#28#29parentheses", Name(b"paired()parentheses")),
        (b"/", Name(b"")),
        (b"12 0 R", Ref(12, 0)),
        (b"[12 0 0 R 3]", [12, Ref(0, 0), 3]),
        (b"[549 3.14 false /SomeName]", [549, 3.14, False, Name(b"SomeName")]),
        (b"<</A<</B[]>>/C/D>>", {b"A": {b"B": []}, b"C": b"D"}),
    ],
)
def test_other_objects(written, meant):
    assert item_at(written, 0) == (meant, len(written))


def test_a_stream_is_as_long_as_it_says():
    stream = indirect_at(b"7 0 obj\n<</Length 4>>\nstream\nabcd\nendstream\nendobj", 0).item

    assert stream == Stream({Name(b"Length"): 4}, b"abcd")


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"<</A 1/A 2>>",
        b"<<1 2>>",
        b"<</A>>",
        b"[1 2",
        b"[1>>",
        b"(never ends",
        b"<0G>",
        b"% comment\n1",
        b"9" * 5000,
        b"[" * 50 + b"]" * 50,
        b"nullx",
    ],
)
def test_what_a_lenient_reader_would_mend_is_refused(written):
    with pytest.raises(Unreadable):
        item_at(written, 0)


@pytest.mark.parametrize(
    "written",
    [
        b"7 0 obj 1",
        b"7 0 obj\n<</Length 3>>\nstream\nabcd\nendstream\nendobj",
        b"7 0 obj\n<</Length 8 0 R>>\nstream\nabcd\nendstream\nendobj",
        b"7 0 obj\n<<>>\nstream\nabcd\nendstream\nendobj",
        b"7 0 obj\n[]\nstream\nabcd\nendstream\nendobj",
        b"x 0 obj\n1\nendobj",
    ],
)
def test_an_indirect_object_that_does_not_end_as_it_says_is_refused(written):
    with pytest.raises(Unreadable):
        indirect_at(written, 0)


@given(st.binary(max_size=60) | st.text("<>[]()/\\ 019R.-+#%nul", max_size=60).map(str.encode))
def test_any_octets_are_read_or_refused_and_nothing_worse(octets):
    try:
        _item, end = item_at(octets, 0)
    except NotVerified:
        return
    assert end <= len(octets)
