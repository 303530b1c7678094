"""A page is put together from a frame that many share: it says what its certificate says."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hocvu.ui.templatetags.figures import NOT_KNOWN
from hocvu.verification.rules.verdicts import (
    Integrity,
    OthersSignature,
    PublicFacts,
    Step,
    Tampering,
    Verdict,
    Verification,
)
from hocvu.verification.views import rendering

FACTS = PublicFacts(
    full_name="Phạm Văn Ân",
    programme="Bồi dưỡng",
    issuer="Trường Chính trị mẫu",
    domain="hocvu.example.vn",
    serial_number="TCT-1",
    decision="07/QĐ-TCT",
    issued_on=date(2026, 11, 20),
)
REVOKED = replace(
    FACTS, changed_at=datetime(2026, 11, 21, 5, tzinfo=UTC), change_reason="QĐ 09/QĐ-TCT"
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=40)
PLACE = "".join(rendering._PLACE)  # a text as anybody may write it


def page_of(verdict, facts, language="vi"):
    body, _tag = rendering.page_of(Verification(verdict, (Step.FOUND,), None, facts), language)
    return body.decode()


def said_on(page):
    """Term by term; and the serial number that a check without a network is held against."""
    terms = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL)
    return {unescape(term): unescape(said) for term, said in terms}


def serial_on(page):
    return unescape(re.search(r'data-serial="(.*?)"', page, re.DOTALL)[1])


@settings(deadline=None, max_examples=60)
@given(name=TEXTS, programme=TEXTS, serial=TEXTS)
@example(PLACE, PLACE, PLACE)
@example("<b>&amp;\"'", "</dd><script>", '" hidden="')
def test_whatever_a_certificate_says_stands_in_its_own_place(name, programme, serial):
    facts = replace(FACTS, full_name=name, programme=programme, serial_number=serial)

    page = page_of(Verdict.VALID, facts)

    assert said_on(page) == {
        "Người được cấp": name or NOT_KNOWN,
        "Chương trình": programme or NOT_KNOWN,
        "Cơ sở cấp": "Trường Chính trị mẫu",
        "Đăng ký tại": "hocvu.example.vn",
        "Số hiệu": serial or NOT_KNOWN,
        "Quyết định công nhận hoàn thành": "07/QĐ-TCT",
        "Ngày cấp": "20/11/2026",
    }
    assert serial_on(page) == serial
    assert page.count("<") == page_of(Verdict.VALID, FACTS).count("<")  # nothing became markup


def test_pages_of_one_kind_do_not_show_each_other_s_words():
    one, other = (replace(FACTS, full_name=name) for name in ("Người Một", "Người Hai"))

    pages = [page_of(Verdict.VALID, each) for each in (one, other, one)]

    assert pages[0] == pages[2] != pages[1]
    assert "Người Hai" not in pages[0]


@pytest.mark.parametrize(("language", "day"), [("vi", "20/11/2026"), ("en", "20 Nov 2026")])
def test_days_are_written_in_the_language_of_the_page(language, day):
    assert day in said_on(page_of(Verdict.VALID, FACTS, language)).values()


def test_what_changed_stands_only_where_something_did():
    revoked, corrected = (page_of(each, REVOKED) for each in (Verdict.REVOKED, Verdict.CORRECTED))

    in_force = said_on(page_of(Verdict.VALID, FACTS)).keys()
    assert said_on(revoked).keys() - in_force == {"Đã thu hồi", "Căn cứ"}
    assert said_on(corrected)["Ngày chỉnh sửa"] == "12:00, 21/11/2026"


def test_nothing_is_shown_of_what_somebody_may_have_rewritten():
    page = page_of(Verdict.ALTERED, FACTS)

    assert said_on(page) == {}
    assert "Phạm Văn Ân" not in page


def test_nobody_can_sign_with_a_name_that_makes_a_place_in_a_page():
    signature = OthersSignature(PLACE, "Ai đó", None, Integrity.INTACT)
    strangers = Verification(
        Verdict.UNKNOWN, (), Step.CHAIN, None, Tampering.NOT_OURS, signatures=(signature,)
    )
    kept = rendering._frame.cache_info().currsize

    page, _tag = rendering.page_of_file(strangers, "vi")

    assert "&lt;what this certificate says&gt;" in page.decode()
    assert rendering._frame.cache_info().currsize == kept  # nothing of a file is kept
