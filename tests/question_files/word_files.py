"""Builds Word files for tests, the way somebody would type them."""

import io

import docx
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import RGBColor

LOOKS = {
    "bold": lambda run: setattr(run, "bold", True),
    "underline": lambda run: setattr(run, "underline", True),
    "red": lambda run: setattr(run.font.color, "rgb", RGBColor(255, 0, 0)),
    "blue": lambda run: setattr(run.font.color, "rgb", RGBColor(0, 0, 255)),
    "black": lambda run: setattr(run.font.color, "rgb", RGBColor(0, 0, 0)),
    "yellow": lambda run: setattr(run.font, "highlight_color", WD_COLOR_INDEX.YELLOW),
    "sub": lambda run: setattr(run.font, "subscript", True),
    "sup": lambda run: setattr(run.font, "superscript", True),
    "hidden": lambda run: setattr(run.font, "hidden", True),
}


def word(*blocks):
    """A .docx of paragraphs (texts, lists of runs) and of blocks that put themselves in."""
    document = docx.Document()
    for block in blocks:
        if callable(block):
            block(document)
        else:
            typed(document.add_paragraph(), block)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def typed(paragraph, runs):
    """A text, or runs: a text or a text with its looks, `("B. Hà Nội", "bold")`."""
    for run in [runs] if isinstance(runs, str) else runs:
        text, *looks = [run] if isinstance(run, str) else run
        made = paragraph.add_run(text)
        for look in looks:
            LOOKS[look](made)


def table(*rows):
    def put(document):
        made = document.add_table(len(rows), len(rows[0]))
        for cells, texts in zip(made.rows, rows, strict=True):
            for cell, text in zip(cells.cells, texts, strict=True):
                typed(cell.paragraphs[0], text)

    return put


def heading(text):
    return lambda document: document.add_heading(text, level=1)


def picture(png, alt=""):
    def put(document):
        run = document.add_paragraph().add_run()
        run.add_picture(io.BytesIO(png))
        run._r.find(".//" + qn("wp:docPr")).set("descr", alt)

    return put


def formula(inside, before="", after=""):
    """A paragraph with an Office Math formula in it."""

    def put(document):
        paragraph = document.add_paragraph(before)
        math = f"<m:oMath {nsdecls('m')}>{inside}</m:oMath>"
        paragraph._p.append(parse_xml(math))
        paragraph.add_run(after)

    return put


def text_box(*texts):
    def put(document):
        paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
        box = (
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox>'
            f"<w:txbxContent>{paragraphs}</w:txbxContent></v:textbox></v:shape></w:pict>"
        )
        document.add_paragraph().add_run()._r.append(parse_xml(box))

    return put


def numbered(texts, shape, label, *, level=0, list_id, restart=False):
    """Paragraphs with automatic numbers: `numbered([...], "upperLetter", "%1.", list_id=7)`."""

    def put(document):
        numbering = document.part.numbering_part.element
        if not restart:
            numbering.insert(
                0,
                parse_xml(
                    f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{list_id}">'
                    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/>'
                    f'<w:lvlText w:val="{label}"/></w:lvl></w:abstractNum>'
                ),
            )
        override = f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
        number = restart or list_id
        numbering.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{list_id}"/>'
                f"{override}</w:num>"
            )
        )
        for text in texts:
            automatic(document.add_paragraph(), text, number, level)

    return put


def automatic(paragraph, text, number, level=0):
    typed(paragraph, text)
    properties = paragraph._p.get_or_add_pPr()
    numbering = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", level), ("w:numId", number)):
        made = OxmlElement(name)
        made.set(qn("w:val"), str(value))
        numbering.append(made)
    properties.append(numbering)
