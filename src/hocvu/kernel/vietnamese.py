"""Vietnamese as it is written, searched, sorted and printed.

Text arrives from many hands: composed and decomposed Unicode, old and new tone placement, invisible
characters from word processors, and fonts of the 1990s whose letters are not letters. Everything is
stored in NFC; comparison happens on keys made here.
"""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Final

_INVISIBLE: Final = dict.fromkeys(
    chain(
        (0x00AD, 0x061C, 0x180E, 0xFEFF, 0x7F),
        *(range(0x09), range(0x0E, 0x1C), range(0x200B, 0x2010), range(0x202A, 0x202F)),
        *(range(0x2060, 0x2065), range(0x2066, 0x2070)),
    )
)
_SPACES: Final = re.compile(r"[\s\u200b]+")
_MARKS: Final = re.compile("[\u0300-\u036f]+")
_D_WITH_STROKE: Final = str.maketrans(dict.fromkeys("đĐðÐɖƉ", "d"))  # ð and Ɖ: look-alikes
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4`", "'"))


def nfc(text: str) -> str:
    """Composed text with plain single spaces and nothing invisible; letters stay as they are."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    composed = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
    return _SPACES.sub(" ", composed).strip()


def fold(text: str) -> str:
    """The search key, without marks or case: `Đặng Thị Hoà` and `dang thi hòa` agree."""
    decomposed = unicodedata.normalize("NFD", nfc(text).translate(_APOSTROPHES))
    return _SPACES.sub(" ", _MARKS.sub("", decomposed).translate(_D_WITH_STROKE).lower()).strip()


# --- Sorting -----------------------------------------------------------------------------------
# Keys are compared byte by byte. A space separates the parts of a key and sorts below everything
# that can stand inside a part, so comparing keys is the same as comparing tuples of parts.

_ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK: Final = {letter: chr(ord("A") + at) for at, letter in enumerate(_ALPHABET)}
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LETTER_MARKS: Final = "\u0302\u0306\u031b"  # circumflex, breve, horn
_RUNS: Final = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)
_DIGITS_COMPARED: Final = 9
_BETWEEN_WORDS: Final = "!"


def _letters_and_tone(word: str) -> tuple[str, str]:
    """The word's letters with tones removed, and its tone: 0 level … 5 heavy."""
    letters, tone = [], "0"
    for mark in unicodedata.normalize("NFD", word.lower()):
        if mark in _TONES:
            tone = _TONES[mark] if tone == "0" else tone
        elif not unicodedata.combining(mark) or mark in _LETTER_MARKS:
            letters.append("đ" if mark in "ðɖ" else mark)
    return unicodedata.normalize("NFC", "".join(letters)), tone


@lru_cache(maxsize=20_000)
def _word_key(word: str) -> tuple[str, str]:
    ranks, tones = [], []
    for run in _RUNS.findall(word):
        if run.isdecimal():
            ranks.append(str(int(run)).zfill(_DIGITS_COMPARED))
        elif run.isalpha():
            letters, tone = _letters_and_tone(run)
            ranks.append("".join(_RANK.get(letter, letter) for letter in letters))
            tones.append(tone)
        else:
            ranks.append("-" if run == "!" else run)
    return "".join(ranks), "".join(tones)


def _key_of(words: list[str]) -> str:
    keys = [_word_key(word) for word in words]
    return f"{_BETWEEN_WORDS.join(k[0] for k in keys)} {''.join(k[1] for k in keys)}"


def given_name_sort_key(full_name: str) -> str:
    """Order of an official list: given name (the last word), then middle names, then family name.

    Store it in a text column with the "C" collation. Letters follow the Vietnamese alphabet
    (a < ă < â, d < đ …), tones follow CLDR (level, huyền, hỏi, ngã, sắc, nặng) and count only
    where letters are equal; the place of the tone mark and the case of letters do not count.
    """
    words = nfc(full_name).translate(_APOSTROPHES).split(" ")
    given, middle, family = words[-1:], words[1:-1], words[:1] if len(words) > 1 else []
    return " ".join(_key_of(part) for part in (given, middle, family))


def text_sort_key(text: str) -> str:
    """Dictionary order of whole texts, for names of units; `Phường 2` comes before `Phường 10`."""
    return _key_of(nfc(text).translate(_APOSTROPHES).split(" "))


# --- Fonts of the 1990s ------------------------------------------------------------------------
# TCVN3 (.VnTime) and VNI files hold Latin-1 letters that only look Vietnamese in their own font.
# A word gives itself away when it is no Vietnamese syllable as it stands but becomes one when read
# through the old code table.

_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VNI_SINGLE: Final = dict(zip("ñôöæóòîìí", "đơưỉĩịỵìí", strict=True))
_VNI_TONES: Final = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_CIRCUMFLEX: Final = dict(zip("âàáåãä", ["", *"\u0300\u0301\u0309\u0303\u0323"], strict=True))
_VNI_BREVE: Final = dict(zip("êèéúüë", ["", *"\u0300\u0301\u0309\u0303\u0323"], strict=True))


def _vni_pairs() -> dict[str, str]:
    pairs = {
        base + sign: letter + mark
        for base, letter in [*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")]
        for sign, mark in _VNI_TONES.items()
    }
    pairs |= {b + s: f"{b}\u0302{m}" for b in "aeo" for s, m in _VNI_CIRCUMFLEX.items()}
    pairs |= {f"a{s}": f"a\u0306{m}" for s, m in _VNI_BREVE.items()}
    composed = {old: unicodedata.normalize("NFC", new) for old, new in pairs.items()}
    return composed | _VNI_SINGLE


_VNI: Final = _vni_pairs()
_VNI_SIGNS: Final = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_ONSETS: Final = frozenset(
    ["", *re.findall(r"\w+", "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x")]
)
_RHYMES: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
        e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
        i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
        o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
        oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
        u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy
        uya uych uyên uyêt uyn uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu
        ưt ưu y ych yêm yên yêng yêt yêu ynh yt
        """,
    )
)
_STOPPED: Final = ("c", "ch", "p", "t")
_TONES_OF_STOPPED: Final = "45"


@lru_cache(maxsize=20_000)
def is_vietnamese_syllable(word: str) -> bool:
    """Whether the word has the onset, rhyme and tone of a Vietnamese syllable."""
    letters, tone = _letters_and_tone(word)
    if sum(mark in _TONES for mark in unicodedata.normalize("NFD", word.lower())) > 1:
        return False
    fits = any(
        letters[:at] in _ONSETS and letters[at:] in _RHYMES
        for at in range(min(4, len(letters) + 1))
    )
    return fits and (not letters.endswith(_STOPPED) or tone in _TONES_OF_STOPPED)


_PUNCTUATION: Final = " \t\r\n\u00a0.,;:!?()[]{}\"'/-_*&+“”‘’"
_SPLIT: Final = re.compile(f"[{re.escape(_PUNCTUATION)}0-9]+")
_ODD_INSIDE: Final = re.compile(r"[A-Za-z][¡-¿]|[¡-¿][a-z]|[a-zà-ÿ][À-ÖØ-Þ×]|[øþ÷]|§[^\W\d]")
_CONSONANT_END: Final = tuple("cghmnpt")
_SHORT_TEXT_WORDS: Final = 5
_LEAST_SHARE: Final = 5  # one word in five


def _from_tcvn3(word: str) -> str:
    return "".join(_TCVN3.get(letter, letter) for letter in word)


def _from_vni(word: str) -> str:
    return _VNI_SIGNS.sub(lambda sign: _VNI[sign[0]], word.lower())


@lru_cache(maxsize=50_000)
def _betrays_tcvn3(word: str) -> bool:
    read = _from_tcvn3(word)
    return (
        read != word
        and len(word) > 1
        and is_vietnamese_syllable(read)
        and not is_vietnamese_syllable(word)
    )


@lru_cache(maxsize=50_000)
def _betrays_vni(word: str) -> bool:
    read = _from_vni(word)
    return (
        read != word.lower()
        and len(word) > 1
        and is_vietnamese_syllable(read)
        and not is_vietnamese_syllable(word)
    )


def _words(text: str) -> list[str]:
    return [word for word in _SPLIT.split(unicodedata.normalize("NFC", text)) if word]


def _enough(signs: int, certain: int, words: int) -> bool:
    if words <= _SHORT_TEXT_WORDS:
        return certain > 0 or signs > 1
    return signs > 1 and signs * _LEAST_SHARE >= words


def looks_like_tcvn3(text: str) -> bool:
    """Whether the text was typed in a TCVN3 font, such as `NguyÔn V¨n` for Nguyễn Văn."""
    if text.isascii():
        return False
    words = _words(text)
    signs = [word for word in words if _betrays_tcvn3(word)]
    certain = [word for word in signs if len(word) > 2 and _ODD_INSIDE.search(word)]  # noqa: PLR2004
    return _enough(len(signs), len(certain), len(words))


def looks_like_vni(text: str) -> bool:
    """Whether the text was typed in a VNI font, such as `Nguyeãn Vaên` for Nguyễn Văn."""
    if text.isascii():
        return False
    words = _words(text)
    signs = [word for word in words if _betrays_vni(word)]
    certain = [word for word in signs if _from_vni(word).endswith(_CONSONANT_END)]
    return _enough(len(signs), len(certain), len(words))


def read_legacy_font(text: str) -> str:
    """What text in a TCVN3 or VNI font was meant to say; other text is returned as it is."""
    if looks_like_tcvn3(text):
        return nfc(_from_tcvn3(text))
    if looks_like_vni(text):
        return nfc(" ".join(_from_vni(word).capitalize() for word in text.split()))
    return text


# --- Numbers and dates -------------------------------------------------------------------------

_NO_BREAK_SPACE: Final = "\u00a0"
_FRACTION_DIGITS: Final = 2


def _swap_separators(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


def vn_number(value: float | Decimal | Fraction, digits: int | None = None) -> str:
    """`1.234.567,89`. Without `digits` every digit is kept (two for a fraction)."""
    if isinstance(value, Fraction):
        digits = _FRACTION_DIGITS if digits is None else digits
        exact = Decimal(value.numerator) / Decimal(value.denominator)
    else:
        exact = Decimal(str(value))
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return _swap_separators(f"{exact:,f}")


def vn_percent(ratio: Fraction | Decimal | int, digits: int = 1) -> str:
    """A ratio as `79,9 %`, with a no-break space, always rounded down.

    0.7996 has not reached a threshold of 80 %, so it must not print as 80,0 %.
    """
    scale = 10**digits
    steps = (Fraction(ratio) * 100 * scale).__floor__()
    shown = (Decimal(steps) / scale).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_FLOOR)
    return f"{_swap_separators(f'{shown:,f}')}{_NO_BREAK_SPACE}%"


def vn_date(day: dt.date) -> str:
    """`05/02/2026`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


_LAST_PADDED_MONTH: Final = 2


def vn_long_date(day: dt.date) -> str:
    """`ngày 05 tháng 02 năm 2026`: a zero before days below ten and before January and February.

    Decree 30/2020/NĐ-CP, Annex I.
    """
    month = f"{day.month:02d}" if day.month <= _LAST_PADDED_MONTH else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
