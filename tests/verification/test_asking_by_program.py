import json

import pytest
from django.urls import reverse

from credentials.recognition_scene import NOON, make_person, sign_in, tamper
from hocvu.audit.models import AuditEntry
from hocvu.credentials.actions import revoke_certificate
from hocvu.kernel.errors import NotAllowed
from hocvu.verification.actions import grant_access_key, spend, withdraw_access_key
from hocvu.verification.models import AccessKey
from hocvu.verification.rules import allowances
from hocvu.verification.rules.names import is_same_name

API = reverse("verification:api")
NOBODYS = "0" * 16


@pytest.fixture
def administrator(nation):
    return make_person("Quản Trị Viên", nation, role="administrator")


@pytest.fixture
def key(administrator):
    return grant_access_key("Công ty Mẫu", "Kiểm tra hồ sơ", by=administrator, at=NOON)


def ask(client, *questions, **headers):
    body = json.dumps({"questions": questions})
    return client.post(API, body, content_type="application/json", headers=headers)


def verdicts(response):
    return [each["verdict"] for each in response.json()["answers"]]


# --- what is answered -------------------------------------------------------------------------


def test_codes_and_files_are_answered_in_the_order_asked(client, certificates, registrar):
    revoke_certificate(certificates[1], reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)

    response = ask(
        client,
        {"code": certificates[0].verification_code},
        {"code": NOBODYS},
        {"sha256": certificates[1].file_sha256},
        {"code": f"https://x.vn/v/{certificates[2].verification_code}#{'1' * 300}"},
    )

    assert verdicts(response) == ["valid", "unknown", "revoked", "valid"]
    assert response.json()["answers"][0]["holder"] == certificates[0].entry.full_name
    assert response.json()["answers"][2]["reason"] == "QĐ 09/QĐ-TCT"


def test_an_answer_holds_no_birth_date_and_no_unit(client, certificate):
    said = json.dumps(ask(client, {"code": certificate.verification_code}).json())

    for private in ("1980", "Thủy Nguyên", "Chuyên viên"):
        assert private not in said


def test_a_serial_number_with_its_name_is_answered_with_the_verdict_alone(client, certificate):
    name = certificate.entry.full_name.upper()

    response = ask(client, {"serial": certificate.serial_number, "name": name})

    assert response.json()["answers"] == [{"verdict": "valid"}]


def test_wrong_names_and_serial_numbers_of_nobody_get_the_same_answer(client, certificates):
    serial, name = certificates[0].serial_number, certificates[1].entry.full_name

    response = ask(
        client, {"serial": serial, "name": name}, {"serial": "TCT-31-2026-999999", "name": name}
    )

    assert response.json()["answers"] == [{"verdict": "does_not_match"}] * 2


def test_a_code_with_another_name_tells_no_more_than_that(client, certificates):
    code, name = certificates[0].verification_code, certificates[1].entry.full_name

    response = ask(client, {"code": code, "name": name})

    assert response.json()["answers"] == [{"verdict": "does_not_match"}]


def test_nothing_that_somebody_rewrote_is_told(client, certificate):
    tamper(
        "UPDATE recognition_decisionentry SET full_name = 'Kẻ Gian' WHERE id = %s",
        [certificate.entry_id],
    )

    response = ask(client, {"code": certificate.verification_code})

    assert response.json()["answers"] == [{"verdict": "altered"}]


def test_codes_may_stand_in_the_address(client, certificates):
    codes = [each.verification_code for each in certificates]

    assert verdicts(client.get(API, {"code": codes})) == ["valid"] * 3


def test_hundreds_cost_no_more_statements_than_one(
    client, certificates, django_assert_max_num_queries
):
    questions = [{"code": each.verification_code} for each in certificates]

    with django_assert_max_num_queries(8):
        ask(client, *questions)
    with django_assert_max_num_queries(3):
        ask(client, *(questions * 100))


@pytest.mark.parametrize(
    ("given", "registered", "same"),
    [
        ("đặng thu đào", "Đặng Thu Đào", True),
        ("Đặng  Thu\u00a0Đào ", "Đặng Thu Đào", True),
        ("Đặng Thu Đào", "Đặng Thu Đào", True),
        ("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", True),
        ("Đặng Thu Đạo", "Đặng Thu Đào", False),
        ("Dang Thu Dao", "Đặng Thu Đào", False),
        ("Đặng Thu", "Đặng Thu Đào", False),
        ("", "", False),
    ],
)
def test_names_are_the_same_by_letters_and_tones(given, registered, same):
    assert is_same_name(given, registered) is same


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[" * 5000, 400),
        ("{}", 422),
        ('{"questions": []}', 422),
        ('{"questions": [7]}', 422),
        ('{"questions": [{"code": 7}]}', 422),
        ('{"questions": [{"serial": "TCT-31-2026-000001"}]}', 422),
        ('{"questions": [{"code": "x", "serial": "y", "name": "z"}]}', 422),
        ('{"questions": [{"person": "x"}]}', 422),
        (json.dumps({"questions": [{"code": NOBODYS}] * 501}), 422),
        (json.dumps({"questions": "x" * 600_000}), 413),
    ],
)
def test_what_cannot_be_answered_is_told_as_a_problem(client, trust, body, status):
    response = client.post(API, body, content_type="application/json")

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"]


def test_other_methods_are_refused_and_other_sites_may_ask(client, trust):
    assert client.put(API).status_code == 405

    preflight = client.options(API, headers={"origin": "https://employer.example"})
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "Authorization" in preflight["Access-Control-Allow-Headers"]


def test_names_cannot_be_tried_on_a_serial_number_many_times(client, certificate):
    tries = allowances.A_MINUTE // allowances.NOT_MATCHED
    question = {"serial": certificate.serial_number, "name": "Ai Đó"}

    assert ask(client, *[question] * tries).status_code == 200
    assert ask(client, question).status_code == 429


def test_who_asks_too_much_at_once_is_told_nothing(client, certificate):
    questions = [{"code": NOBODYS}] * 61 + [{"code": certificate.verification_code}]

    response = ask(client, *questions)

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert certificate.entry.full_name not in response.content.decode()


# --- keys of organisations --------------------------------------------------------------------


def test_a_key_has_an_allowance_of_its_own(client, certificate, key):
    questions = [{"code": NOBODYS}] * 100

    with_key = ask(client, *questions, authorization=f"Bearer {key.token}")

    assert with_key.status_code == 200
    assert ask(client, *questions).status_code == 429


@pytest.mark.parametrize("token", ["", "x", "x.y", "{public}.", "{public}.wrong"])
def test_a_key_that_is_not_known_opens_nothing(client, key, token):
    said = token.format(public=key.key.public_part)

    response = ask(client, {"code": NOBODYS}, authorization=f"Bearer {said}")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_withdrawn_key_ends_at_once(client, key, administrator):
    withdraw_access_key(key.key, by=administrator, at=NOON)
    withdraw_access_key(key.key, by=administrator, at=NOON)

    response = ask(client, {"code": NOBODYS}, authorization=f"Bearer {key.token}")

    assert response.status_code == 401
    assert AuditEntry.objects.filter(act="access_key_withdrawn").count() == 1


def test_the_secret_is_kept_nowhere(key):
    secret = key.token.partition(".")[2]

    held = AccessKey.objects.values().get()
    audited = str(list(AuditEntry.objects.filter(act="access_key_granted").values()))
    assert secret not in str(held)
    assert secret not in audited


def test_only_an_administrator_of_everything_grants_and_withdraws(key, registrar, city):
    administrator_of_a_part = make_person("Quản Trị Địa Phương", city, role="administrator")

    for somebody in (registrar, administrator_of_a_part):
        with pytest.raises(NotAllowed):
            grant_access_key("Ai đó", "", by=somebody, at=NOON)
        with pytest.raises(NotAllowed):
            withdraw_access_key(key.key, by=somebody, at=NOON)


def test_an_administrator_grants_a_key_by_the_page_and_withdraws_it(client, administrator):
    sign_in(client, administrator)

    granted = client.post(
        reverse("verification:grant"), {"organisation": "Công ty Mẫu", "purpose": "Tuyển dụng"}
    )
    held = AccessKey.objects.get()
    listed = client.get(reverse("verification:keys")).content.decode()
    client.post(reverse("verification:withdraw", args=[held.pk]))

    assert f"{held.public_part}." in granted.content.decode()
    assert "Công ty Mẫu" in listed
    held.refresh_from_db()
    assert held.withdrawn_by == administrator


def test_others_find_no_keys(client, key, registrar):
    sign_in(client, registrar)

    assert client.get(reverse("verification:keys")).status_code == 403
    assert client.get(reverse("verification:grant")).status_code == 403
    assert client.post(reverse("verification:withdraw", args=[key.key.pk])).status_code == 404


# --- allowances -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "nonsense", True),
    ],
)
def test_one_network_has_one_purse(one, other, same):
    networks = {allowances.network_of(one), allowances.network_of(other)}

    assert (len(networks) == 1) is same


def test_a_purse_is_full_again_in_the_next_minute(db):
    first = allowances.purse_of(b"secret", "192.0.2.1", NOON, budget=10)
    second = allowances.purse_of(b"secret", "192.0.2.1", NOON.replace(minute=1), budget=10)

    assert [spend(first, 6), spend(first, 4), spend(first, 1)] == [True, True, False]
    assert spend(second, 10)
