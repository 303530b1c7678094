import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credentials.recognition_scene import NOON
from hocvu.credentials.actions import revoke_certificate
from hocvu.credentials.models import Certificate
from hocvu.credentials.rules.addresses import VERIFICATION_PATH
from hocvu.verification.models import SpentAllowance
from hocvu.verification.rules import allowances

VERIFY = reverse("verification:verify")
NOBODYS = "0" * 16


def address_of(certificate):
    return reverse("verification:code", args=[certificate.verification_code])


def pdf(content, name="chung-nhan.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def text_of(response):
    return response.content.decode()


# --- by code ----------------------------------------------------------------------------------


def test_the_address_printed_as_a_qr_code_is_the_address_that_answers(certificate):
    printed = VERIFICATION_PATH.format(code=certificate.verification_code)

    assert printed.rstrip("/") == address_of(certificate)


@pytest.mark.parametrize("ending", ["", "/", "?lang=en"])
def test_the_address_in_the_qr_code_answers_a_stranger(client, certificate, ending):
    response = client.get(address_of(certificate) + ending)

    assert response.status_code == 200
    assert certificate.entry.full_name in text_of(response)
    assert response["X-Robots-Tag"] == "noindex"


def test_a_stranger_sees_no_birth_date_no_identity_number_and_no_unit(client, certificate):
    person = certificate.entry.person
    type(person).objects.filter(pk=person.pk).update(identity_number="000180000001")

    page = text_of(client.get(address_of(certificate)))

    for private in ("1980", "000180000001", "Thủy Nguyên", "Chuyên viên", "VN.31"):
        assert private not in page


def test_issuer_and_domain_are_named(client, certificate, settings):
    settings.SITE_ADDRESS = "https://hocvu.example.vn"

    page = text_of(client.get(address_of(certificate)))

    assert "Trường Chính trị mẫu" in page
    assert "hocvu.example.vn" in page


def test_a_code_is_typed_and_its_page_opens(client, certificate):
    spoken = certificate.verification_code.lower()

    response = client.post(VERIFY, {"code": f" {spoken[:8]}-{spoken[8:]} "}, follow=True)

    assert certificate.entry.full_name in text_of(response)


@pytest.mark.parametrize("ending", ["", "/", "#" + "1" * 400])
def test_the_address_from_the_qr_code_may_be_typed_instead(client, certificate, settings, ending):
    address = f"{settings.SITE_ADDRESS}/v/{certificate.verification_code}{ending}"

    response = client.post(VERIFY, {"code": address}, follow=True)

    assert certificate.entry.full_name in text_of(response)


@pytest.mark.parametrize("code", ["a/b", "../../etc", "%2e%2e", "ĐẶNG", "0", "  ", "-", "#"])
def test_whatever_is_typed_gets_an_answer(client, certificate, code):
    response = client.post(VERIFY, {"code": code}, follow=True)

    assert response.status_code in {200, 422}
    assert certificate.entry.full_name not in text_of(response)


@pytest.mark.parametrize(
    "scanned",
    [
        "001099012345|123456789|Nguyễn Văn A|01011999|Nam|Số 1, Hà Nội|01012022",
        "001099012345",
        "HC1:6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NFQGRJPC%OQHIZC4",
        "shc:/56762909524320603460292437404460312229595326546034602925",
        "https://example.vn/khuyen-mai",
    ],
    ids=["identity card", "identity number", "EU certificate", "health card", "an address"],
)
def test_other_codes_are_named_so_and_get_into_no_address(client, trust, scanned):
    response = client.post(VERIFY + "?lang=vi", {"code": scanned})

    assert response.status_code == 422
    assert "Location" not in response
    assert "Mã xác thực gồm 16 chữ và số, in cạnh mã QR." in text_of(response)
    assert response["Cache-Control"] == "no-store"


def test_wrong_codes_and_codes_of_nobody_get_the_same_answer(client, certificate):
    wrong = [
        "ZZZZZZZZZZZZZZZZ",
        NOBODYS,
        "%00",
        "9" * 3000,
        "x",
        certificate.verification_code[:-1],
    ]

    answers = {client.get(f"/v/{code}").content for code in wrong}

    assert len(answers) == 1
    assert certificate.entry.full_name not in answers.pop().decode()


def test_a_wrong_code_costs_the_database_as_much_as_a_right_one(
    client, certificate, django_assert_num_queries
):
    client.get(address_of(certificate))  # from now on the certificate's page is kept

    for code in (certificate.verification_code, NOBODYS, "x"):
        with django_assert_num_queries(1):
            client.get(f"/v/{code}")


def test_a_revoked_certificate_says_so_with_its_cause_though_its_page_was_kept(
    client, certificate, registrar
):
    before = text_of(client.get(address_of(certificate)))

    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)

    after = text_of(client.get(address_of(certificate)))
    assert "verdict valid" in before
    assert "verdict revoked" in after
    assert "09/QĐ-TCT" in after


# --- caches and visitors ----------------------------------------------------------------------


def test_caches_may_keep_the_page_for_a_moment_and_ask_whether_it_changed(client, certificate):
    first = client.get(address_of(certificate))

    again = client.get(address_of(certificate), headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=5, must-revalidate"
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_who_carries_cookies_gets_an_answer_of_their_own(client, certificate, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    response = client.get(address_of(certificate))

    assert response["Cache-Control"] == "private, no-cache"
    assert response["Content-Language"] == "en"
    assert "What was checked" in text_of(response)


def test_the_language_stands_in_the_address_for_who_carries_none(client, certificate):
    vietnamese = client.get(address_of(certificate))
    english = client.get(address_of(certificate), {"lang": "en"})

    assert '<html lang="vi"' in text_of(vietnamese)
    assert '<html lang="en"' in text_of(english)
    assert vietnamese["ETag"] != english["ETag"]


@pytest.mark.parametrize("page", ["verify", "offline"])
def test_public_pages_set_no_cookie_and_carry_no_token(client, trust, page):
    response = client.get(reverse(f"verification:{page}"))

    assert response.status_code == 200
    assert not response.cookies
    assert "csrf" not in text_of(response).lower()


def test_the_page_works_without_any_script(client, certificate):
    for address in (VERIFY, address_of(certificate)):
        page = text_of(client.get(address))

        assert not re.search(r"\son[a-z]+=|javascript:|<script(?![^>]*src=)", page)
        assert "style=" not in page
    assert '<form method="post"' in text_of(client.get(VERIFY))


# --- limits -----------------------------------------------------------------------------------


def test_whoever_tries_codes_is_told_to_wait_and_others_are_not(client, trust):
    tries = allowances.A_MINUTE // allowances.NOT_FOUND

    answers = {client.get(f"/v/{number:016}").status_code for number in range(tries)}
    refused = client.get(f"/v/{NOBODYS}")

    assert answers == {200}
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert client.get(f"/v/{NOBODYS}", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_behind_a_proxy_of_ours_everybody_is_counted_alone_and_nobody_else_is_believed(
    client, trust, settings
):
    settings.TRUSTED_PROXIES = ["198.51.100.0/24"]
    tries = allowances.A_MINUTE // allowances.NOT_FOUND

    def asked(connected, visitor):
        address = f"/v/{NOBODYS}"
        headers = {"x-forwarded-for": visitor}
        return client.get(address, REMOTE_ADDR=connected, headers=headers).status_code

    by_the_proxy = [asked("198.51.100.7", "203.0.113.9") for _ in range(tries + 1)]
    invented = [asked("192.0.2.1", f"203.0.113.{number}") for number in range(tries + 1)]

    assert by_the_proxy[-2:] == [200, 429]
    assert asked("198.51.100.7", "203.0.113.10") == 200
    assert invented[-2:] == [200, 429]


def test_a_school_behind_one_address_may_look_up_hundreds(client, certificate):
    tries = allowances.A_MINUTE // allowances.NOT_FOUND

    answers = {client.get(address_of(certificate)).status_code for _ in range(tries + 10)}

    assert answers == {200}


def test_what_is_counted_names_no_address(client, trust):
    client.get(f"/v/{NOBODYS}", REMOTE_ADDR="203.0.113.9")

    held = SpentAllowance.objects.get()
    assert len(held.key) == 16
    assert b"203.0.113.9" not in bytes(held.key)


# --- by file ----------------------------------------------------------------------------------


def test_a_file_is_checked_and_nothing_is_kept(client, certificate):
    response = client.post(VERIFY, {"file": pdf(bytes(certificate.file))})

    assert response.status_code == 200
    assert certificate.entry.full_name in text_of(response)
    assert response["Cache-Control"] == "no-store"
    assert Certificate.objects.count() == 3


def test_a_changed_file_shows_no_name_and_says_what_was_done(client, certificate):
    changed = bytearray(certificate.file)
    changed[len(changed) // 3] ^= 1

    page = text_of(client.post(f"{VERIFY}?lang=en", {"file": pdf(bytes(changed))}))

    assert certificate.entry.full_name not in page
    assert "The file was changed after it was signed." in page


def test_bytes_behind_a_registered_file_are_counted(client, certificate):
    longer = bytes(certificate.file) + b"\n" * 17

    page = text_of(client.post(f"{VERIFY}?lang=en", {"file": pdf(longer)}))

    assert "17 bytes were added behind it" in page
    assert "verdict altered" in page


@pytest.mark.parametrize(
    "file",
    [
        pdf(b"Xin chao", "thu.txt"),
        pdf(b"PK\x03\x04", "bang.xlsx"),
        pdf(b""),
    ],
    ids=["text", "workbook", "empty"],
)
def test_a_file_that_cannot_be_ours_is_refused_in_a_sentence(client, trust, file):
    file.seek(0)

    response = client.post(VERIFY, {"file": file})

    assert response.status_code == 422
    assert 'aria-invalid="true"' in text_of(response)


def test_a_file_of_25_mb_is_refused_in_a_sentence(client, trust):
    response = client.post(VERIFY, {"file": pdf(b"%PDF-" + b"\0" * (25 * 1024 * 1024))})

    assert response.status_code in {409, 422}  # by its announced size, or by the form
    assert "20 MB" in text_of(response)


def test_neither_code_nor_file_is_refused_in_a_sentence(client, trust):
    response = client.post(f"{VERIFY}?lang=en", {"code": ""})

    assert response.status_code == 422
    assert "Type the code, or choose the PDF file." in text_of(response)


def test_who_sends_many_files_is_told_to_wait(client, trust):
    tries = allowances.A_MINUTE // allowances.FILE

    answers = [
        client.post(VERIFY, {"file": pdf(b"%PDF-1.7")}).status_code for _ in range(tries + 1)
    ]

    assert set(answers[:-1]) == {200}
    assert answers[-1] == 429
