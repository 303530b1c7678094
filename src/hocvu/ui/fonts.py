"""Be Vietnam Pro for pages: cut to Vietnamese, given the equal digits it lacks."""

from io import BytesIO
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools.otlLib.builder import buildLookup, buildSingleSubstSubtable
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from hocvu.register.durable import put_whole

STYLES = ("Regular", "Medium", "SemiBold", "Bold", "Italic")

_KEPT = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x00FF),  # Latin-1
    (0x0102, 0x0103),  # Ă ă
    (0x0110, 0x0111),  # Đ đ
    (0x0128, 0x0129),  # Ĩ ĩ
    (0x0168, 0x0169),  # Ũ ũ
    (0x01A0, 0x01A1),  # Ơ ơ
    (0x01AF, 0x01B0),  # Ư ư
    (0x0300, 0x0303),  # combining grave, acute, circumflex, tilde
    (0x0306, 0x0309),  # breve, hook above
    (0x031B, 0x031B),  # horn
    (0x0323, 0x0323),  # dot below
    (0x1EA0, 0x1EF9),  # Vietnamese letters with two marks
    (0x2013, 0x2026),  # dashes, quotation marks, bullet, ellipsis
    (0x2039, 0x203A),  # ‹ ›
    (0x20AB, 0x20AB),  # ₫
    (0x2122, 0x2122),
    (0x2212, 0x2212),  # minus
    (0x2248, 0x2265),  # ≈ ≠ ≤ ≥
)


def build_web_fonts(folder: Path) -> None:
    """Write `BeVietnamPro-<style>.woff2` for each of STYLES; files already there are left alone."""
    for style in STYLES:
        target = folder / f"BeVietnamPro-{style}.woff2"
        if not target.exists():
            source = fontpkg_be_vietnam_pro.ROOT / "files" / f"BeVietnamPro-{style}.ttf"
            put_whole(target, _cut(source))


def _cut(source: Path) -> bytes:
    # Times stay those of the source, so the same package always gives the same bytes.
    with TTFont(source, recalcTimestamp=False) as font:
        _add_tabular_figures(font)
        options = Options(layout_features=["*"], hinting=False, notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(
            unicodes=[code for first, last in _KEPT for code in range(first, last + 1)]
        )
        subsetter.subset(font)
        font.flavor = "woff2"
        written = BytesIO()
        font.save(written)
    return written.getvalue()


def _add_tabular_figures(font: TTFont) -> None:
    """Copies of the ten digits, centred on the width of the nought, behind the feature `tnum`."""
    glyphs, outlines, metrics = font.getGlyphSet(), font["glyf"], font["hmtx"]
    digits = [font.getBestCmap()[code] for code in range(ord("0"), ord("9") + 1)]
    width = metrics[digits[0]][0]
    for name in digits:
        shift = (width - metrics[name][0]) // 2
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        outlines[f"{name}.tnum"] = pen.glyph()
        metrics[f"{name}.tnum"] = (width, metrics[name][1] + shift)
    font.setGlyphOrder(outlines.glyphOrder)
    _offer(font["GSUB"].table, "tnum", {name: f"{name}.tnum" for name in digits})


def _offer(gsub: otTables.GSUB, tag: str, substitutions: dict[str, str]) -> None:
    """Add one substitution under `tag` to every script and language, tags kept in order."""
    lookup = buildLookup([buildSingleSubstSubtable(substitutions)])
    gsub.LookupList.Lookup.append(lookup)
    gsub.LookupList.LookupCount = len(gsub.LookupList.Lookup)
    feature = otTables.Feature()
    feature.FeatureParams = None
    feature.LookupListIndex = [len(gsub.LookupList.Lookup) - 1]
    feature.LookupCount = 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, feature

    before = gsub.FeatureList.FeatureRecord
    after = sorted([*before, record], key=lambda each: str(each.FeatureTag))
    place = {id(each): index for index, each in enumerate(after)}
    for script in gsub.ScriptList.ScriptRecord:
        languages = [
            script.Script.DefaultLangSys,
            *(each.LangSys for each in script.Script.LangSysRecord),
        ]
        for language in filter(None, languages):
            old = [before[index] for index in language.FeatureIndex]
            language.FeatureIndex = sorted(place[id(each)] for each in [*old, record])
            language.FeatureCount = len(language.FeatureIndex)
    gsub.FeatureList.FeatureRecord = after
    gsub.FeatureList.FeatureCount = len(after)
