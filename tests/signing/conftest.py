from datetime import datetime, timedelta, timezone

import pytest
import typst

from hocvu.signing.authority import DevelopmentAuthority
from hocvu.typesetting.glyphs import FONT_FOLDER

INSTITUTION = "Trường Chính trị mẫu thành phố Hải Phòng"
SIGNED_AT = datetime(2026, 2, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=7)))


@pytest.fixture(scope="session")
def page():
    """A PDF/A-2b page of one line."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER]
    )
    compiler = typst.Compiler(font_paths=fonts)
    text = '#set document(title: "Mẫu")\n#set text(font: "Be Vietnam Pro")\nGiấy chứng nhận'
    return compiler.compile(text.encode(), format="pdf", pdf_standards="a-2b", timestamp=SIGNED_AT)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return DevelopmentAuthority.open(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def signer(authority):
    return authority.signer_for(INSTITUTION)


@pytest.fixture(scope="session")
def signed(signer, page):
    return signer.sign(
        page,
        reason="Cấp giấy chứng nhận",
        location="Hải Phòng",
        contact="vanthu@example.vn",
        at=SIGNED_AT,
    )
