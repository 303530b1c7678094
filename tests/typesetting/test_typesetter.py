"""Our own templates, set whole and one by one."""

import subprocess
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest

from hocvu.typesetting import CannotTypeset, Typesetter, UnprintableText
from typesetting.printing import read

AT = datetime(2026, 2, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=7)))
SOURCE = """
#let page-of(values) = [
  #set document(title: values.title)
  #set page(width: 148mm, height: 105mm)
  #set text(font: "Be Vietnam Pro", lang: "vi", fallback: false)
  = #values.title
  #values.holder_name
]
"""
VALUES = {"title": "Giấy mời", "holder_name": "Nguyễn Thị Hoài Mẫu"}


@pytest.fixture
def template(tmp_path):
    file = tmp_path / "invitation.typ"
    file.write_text(SOURCE)
    return file


@pytest.fixture
def typesetter(template):
    return Typesetter(template)


def test_the_same_values_and_time_give_the_same_bytes(typesetter, template):
    once = typesetter.pdf(VALUES, at=AT)
    typesetter.pdf(VALUES | {"holder_name": "Lê Văn Mẫu"}, at=AT)  # leaves no trace

    assert typesetter.pdf(VALUES, at=AT) == once
    assert Typesetter(template).pdf(VALUES, at=AT.astimezone(UTC)) == once


def test_another_value_gives_another_file(typesetter):
    once = typesetter.pdf(VALUES, at=AT)

    assert typesetter.pdf(VALUES | {"holder_name": "Lê Văn Mẫu"}, at=AT) != once


def test_composed_and_decomposed_names_give_the_same_file(typesetter):
    decomposed = {name: unicodedata.normalize("NFD", text) for name, text in VALUES.items()}

    assert typesetter.pdf(decomposed, at=AT) == typesetter.pdf(VALUES, at=AT)


@pytest.mark.parametrize(
    "name",
    ["Nguyễn Thị Hoài Mẫu", "H'Hen Niê", "Y Bhiom Niê Kđăm", "lê văn MẪU", 'A "B" \\ #emph[c] $d$'],
)
def test_a_name_is_printed_as_it_is(typesetter, name):
    assert name in read(typesetter.pdf(VALUES | {"holder_name": name}, at=AT))


def test_the_page_is_an_archival_pdf_with_one_embedded_typeface(typesetter):
    pdf = typesetter.pdf(VALUES, at=AT)

    listed = subprocess.run(["pdffonts", "-"], input=pdf, check=True, capture_output=True)
    fonts = listed.stdout.decode().splitlines()[2:]
    assert b"<pdfaid:part>2<" in pdf or b'pdfaid:part="2"' in pdf
    assert fonts
    assert all("BeVietnamPro" in font and " yes yes yes" in font for font in fonts)


def test_what_would_print_as_a_box_is_refused(typesetter):
    with pytest.raises(UnprintableText, match="U\\+962E"):
        typesetter.pdf(VALUES | {"holder_name": "阮 Văn Mẫu"}, at=AT)


def test_a_missing_value_is_refused(typesetter):
    with pytest.raises(CannotTypeset, match="holder_name"):
        typesetter.pdf({"title": "Giấy mời"}, at=AT)
