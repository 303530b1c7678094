from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.stationery.actions.images import (
    ImageIsUnsuitable,
    ImageIsWithdrawn,
    add_image,
    withdraw_image,
)
from hocvu.stationery.models import ImageKind, IssuerImage, Kind
from hocvu.stationery.queries.pages import ImageIsMissing, pictures_of, sheet_of
from hocvu.stationery.queries.templates import images_open_to, template_in_force
from hocvu.stationery.rules.fields import SAMPLE_BATCH
from hocvu.stationery.rules.look import default_look
from hocvu.stationery.rules.texts import batch_texts
from hocvu.typesetting.pictures import MOST_UPLOADED, PictureIsUnusable, Unusable, draw_anew
from stationery.stationery_scene import DAY, NOON, TODAY, drawing

RED, BLUE, GREEN = (200, 20, 20, 255), (20, 40, 190, 255), (20, 160, 40, 255)


@pytest.fixture
def seal(school, registrar):
    return add_image(school, ImageKind.SEAL, drawing(RED), width_mm=36, by=registrar, at=NOON)


@pytest.fixture
def sign(school, registrar):
    """Give the school somebody's hand signature."""

    def sign(name, at=NOON):
        return add_image(
            school,
            ImageKind.SIGNATURE,
            drawing(BLUE, 900, 420),
            width_mm=40,
            signer_name=name,
            by=registrar,
            at=at,
        )

    return sign


def test_a_seal_is_kept_in_its_real_size_without_what_surrounds_it(seal):
    kept = Image.open(BytesIO(bytes(seal.png)))

    assert (seal.width_mm, seal.height_mm) == (36, 36)
    assert kept.mode == "RGBA"
    assert kept.size == (576, 576)  # 16 pixels a millimetre
    assert kept.info == {}
    assert AuditEntry.objects.filter(act="issuer_image_added").exists()


@pytest.mark.parametrize(
    ("kind", "content", "width_mm", "why"),
    [
        (ImageKind.SEAL, drawing(BLUE), 36, "đỏ"),
        (ImageKind.SIGNATURE, drawing(RED), 40, "xanh"),
        (ImageKind.SIGNATURE, drawing(GREEN), 40, "xanh"),
        (ImageKind.SEAL, drawing(RED, mode="RGB"), 36, "trong suốt"),
        (ImageKind.SEAL, drawing(RED), 60, "30 đến 42 mm"),
        (ImageKind.SEAL, drawing(RED, 100, 100), 36, "thô"),
        (ImageKind.SIGNATURE, drawing(BLUE, 400, 900), 40, "cao quá"),
        (ImageKind.SEAL, drawing(RED, file_format="GIF", mode="RGB"), 36, "không phải tệp PNG"),
        (ImageKind.SEAL, drawing(RED)[:500], 36, "hỏng"),
        (ImageKind.SEAL, drawing((0, 0, 0, 0)), 36, "nhìn thấy"),
        (ImageKind.SEAL, b"\x89PNG\r\n\x1a\n" + bytes(MOST_UPLOADED), 36, "quá lớn"),
    ],
)
def test_an_unsuitable_image_is_refused_in_words(  # noqa: PLR0917 — one case a line
    school, registrar, kind, content, width_mm, why
):
    with pytest.raises(ImageIsUnsuitable, match=why):
        add_image(school, kind, content, width_mm=width_mm, signer_name="", by=registrar, at=NOON)

    assert not IssuerImage.objects.exists()


def test_a_picture_that_would_swell_in_memory_is_refused():
    bomb = BytesIO()
    Image.new("1", (9_000, 9_000)).save(bomb, "PNG")

    with pytest.raises(PictureIsUnusable) as refused:
        draw_anew(bomb.getvalue(), width_mm=36)

    assert refused.value.why is Unusable.TOO_LARGE


def test_nobody_gives_another_units_seal(school, stranger, leader):
    for person in (stranger, leader):
        with pytest.raises(NotAllowed):
            add_image(school, ImageKind.SEAL, drawing(RED), width_mm=36, by=person, at=NOON)


def test_a_new_seal_takes_the_place_of_the_old_one(school, seal, colleague):
    newer = add_image(
        school, ImageKind.SEAL, drawing(RED), width_mm=38, by=colleague, at=NOON + DAY
    )

    seal.refresh_from_db()
    assert (seal.withdrawn_at, seal.withdrawn_by) == (NOON + DAY, colleague)
    assert newer.withdrawn_at is None


def test_signatures_of_several_people_stand_side_by_side(school, sign):
    sign("Trần Văn Mẫu")
    sign("Lê Thị Mẫu")

    assert IssuerImage.objects.filter(issuer=school, withdrawn_at=None).count() == 2


def test_an_image_is_withdrawn_once_and_never_changed(seal, registrar, stranger):
    with pytest.raises(NotAllowed):
        withdraw_image(seal, by=stranger, at=NOON)
    withdraw_image(seal, by=registrar, at=NOON)

    with pytest.raises(ImageIsWithdrawn):
        withdraw_image(seal, by=registrar, at=NOON)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        IssuerImage.objects.filter(pk=seal.pk).update(width_mm=40)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        seal.delete()


def test_a_page_shows_the_signature_of_whoever_signs(school, seal, sign):
    sign("Trần Văn Mẫu")
    sign("Lê Thị Mẫu")
    look = default_look(shows_seal=True, shows_signature=True)

    pictures = pictures_of(school, look, "Lê Thị Mẫu")

    assert set(pictures) == {"seal", "signature"}
    assert (pictures["seal"].width_mm, pictures["signature"].width_mm) == (36, 40)
    with pytest.raises(ImageIsMissing, match="Phạm Văn Khác"):
        pictures_of(school, look, "Phạm Văn Khác")
    assert pictures_of(school, default_look(), "Phạm Văn Khác") == {}


def test_the_seal_lies_over_a_third_of_the_signature_on_its_left(
    school, seal, sign, packaged, monkeypatch
):
    """Decree 30/2020, annex I: read off the page as it is printed."""
    sign("Trần Văn Mẫu")
    version = template_in_force(school, Kind.COMPLETION, TODAY)
    version.look |= {"shows_seal": True, "shows_signature": True}
    texts = batch_texts(SAMPLE_BATCH)

    sheet = sheet_of(version, school, texts, at=NOON)

    red, blue = _extents(sheet.pdf)
    assert red[1] - red[0] == pytest.approx(36, abs=0.5)
    assert blue[1] - blue[0] == pytest.approx(40, abs=0.5)
    assert red[0] < blue[0] < red[1] < blue[1]
    assert (red[1] - blue[0]) / (blue[1] - blue[0]) == pytest.approx(1 / 3, abs=0.03)


def _extents(pdf):
    """From where to where, in millimetres across, the page is seal red and signature blue."""
    import subprocess

    command = ["pdftoppm", "-r", "127", "-png", "-singlefile", "-", "-"]
    image = subprocess.run(command[:-1], input=pdf, check=True, capture_output=True).stdout
    page = Image.open(BytesIO(image)).convert("RGB")
    bottom = page.crop((0, round(page.height * 0.6), page.width, page.height))
    columns = {"red": set(), "blue": set()}
    pixels = bottom.load()
    for x in range(bottom.width):
        for y in range(bottom.height):
            red, green, blue = pixels[x, y]
            if red > 170 and green < 60 and blue < 60:
                columns["red"].add(x)
            if blue > 160 and red < 60 and green < 70:
                columns["blue"].add(x)
    return [(min(found) / 5, max(found) / 5) for found in (columns["red"], columns["blue"])]


def test_images_of_other_units_are_not_seen(seal, registrar, leader, stranger):
    assert seal in images_open_to(registrar)
    assert seal in images_open_to(leader)
    assert seal not in images_open_to(stranger)
