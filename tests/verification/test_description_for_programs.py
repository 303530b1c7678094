"""What is described to programs is what programs get: every address, answer and problem."""

import json
import re

import pytest
from django.urls import reverse
from jsonschema import Draft202012Validator

from credentials.recognition_scene import NOON, make_person
from hocvu.credentials.actions import revoke_certificate
from hocvu.verification.actions import grant_access_key
from hocvu.verification.rules import allowances
from hocvu.verification.rules.verdicts import Step, Verdict
from hocvu.verification.urls import urlpatterns

API = reverse("verification:api")
NOBODYS = "0" * 16
FOR_PEOPLE = {
    *("verify", "bulk", "programs", "keys", "grant", "withdraw", "code"),
    *("offline", "manifest", "worker"),
}


@pytest.fixture
def described(client):
    return client.get(reverse("verification:description")).json()


def fits(described, schema, value):
    whole = {**schema, "components": described["components"]}
    return list(Draft202012Validator(whole).iter_errors(value)) == []


def answer_described(described, address, method, response):
    return described["paths"][address][method]["responses"][str(response.status_code)]


def ask(client, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(API, text, content_type="application/json", headers=headers)


def test_every_address_for_programs_is_described_and_no_other(described):
    kinds = {"number": "number", "purpose": "purpose", "path": "path"}
    given = {
        "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: f"{{{kinds[found[1]]}}}", str(each.pattern))
        for each in urlpatterns
        if each.name not in FOR_PEOPLE
    }

    assert set(described["paths"]) == given


def test_the_description_is_a_sound_schema_of_openapi_3_1(described):
    assert described["openapi"].startswith("3.1")
    Draft202012Validator.check_schema({"$defs": described["components"]["schemas"]})
    named = re.findall(r'"#/components/(\w+)/([\w-]+)"', json.dumps(described))
    for kind, name in named:
        assert name in described["components"][kind]


def test_its_words_are_those_of_the_rules(described):
    schemas = described["components"]["schemas"]

    assert schemas["Verdict"]["enum"] == [each.value for each in Verdict]
    assert schemas["Step"]["enum"] == [each.value for each in Step]
    assert schemas["Questions"]["maxItems"] == allowances.MOST_AT_ONCE
    for figure in (
        *(allowances.A_MINUTE, allowances.WITH_A_KEY),
        *(allowances.NOT_FOUND, allowances.NOT_MATCHED),
    ):
        assert f"{figure:,}" in described["info"]["description"]


def test_every_kind_of_question_is_answered_as_described(
    client, described, certificates, registrar
):
    valid, revoked, _other = certificates
    revoke_certificate(revoked, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)
    name = valid.entry.full_name
    asked = {
        "questions": [
            {"code": valid.verification_code},
            {"code": revoked.verification_code, "name": revoked.entry.full_name},
            {"sha256": valid.file_sha256},
            {"serial": valid.serial_number, "name": name},
            {"serial": revoked.serial_number, "name": name},
            {"code": NOBODYS},
        ]
    }
    body = described["paths"]["/api/verify/"]["post"]["requestBody"]["content"]
    assert fits(described, body["application/json"]["schema"], asked)

    for response, method in (
        (ask(client, asked), "post"),
        (ask(client, asked["questions"]), "post"),
        (client.get(API, {"code": [valid.verification_code, NOBODYS]}), "get"),
    ):
        said = answer_described(described, "/api/verify/", method, response)
        assert fits(described, said["content"]["application/json"]["schema"], response.json())
    told = {len(each) for each in response.json()["answers"]}
    assert told == {1, 12}


def test_every_problem_is_described_and_every_described_problem_happens(
    client, described, certificate, nation
):
    key = grant_access_key(
        "Công ty Mẫu", "", by=make_person("Quản Trị", nation, role="administrator"), at=NOON
    )
    problems = [
        ask(client, "{"),
        ask(client, {"questions": []}, authorization="Bearer x"),
        ask(client, {"questions": "x" * 600_000}),
        ask(client, {"questions": []}, authorization=f"Bearer {key.token}"),
        ask(client, {"questions": [{"code": NOBODYS}] * 61}),
    ]

    for response in problems:
        said = answer_described(described, "/api/verify/", "post", response)
        assert response["Content-Type"] == "application/problem+json"
        schema = said["content"]["application/problem+json"]["schema"]
        assert fits(described, schema, response.json())
        for header in said.get("headers", {}):
            assert fits(described, described["components"]["headers"][header]["schema"],
                        response[header])  # fmt: skip
    happened = {str(response.status_code) for response in problems}
    assert happened | {"200"} == set(described["paths"]["/api/verify/"]["post"]["responses"])


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"code": ""},
        {"serial": "TCT-31-2026-000001"},
        {"code": NOBODYS, "serial": "TCT-31-2026-000001", "name": "Ai Đó"},
        {"person": "Ai Đó"},
        {"code": 7},
    ],
)
def test_a_question_that_is_not_described_is_not_answered(client, trust, described, question):
    schema = described["components"]["schemas"]["Question"]

    assert not fits(described, schema, question)
    assert ask(client, [question]).status_code == 422


def test_every_published_file_is_what_its_description_says(client, certificate, described):
    for address, methods in described["paths"].items():
        if address == "/api/verify/":
            continue
        real = address.format(purpose="revocation", number=1, path="checkpoint")
        response = client.get(real)
        again = client.get(real, headers={"if-none-match": response["ETag"]})
        nothing = client.get(real.replace("checkpoint", "nothing"))

        said = methods["get"]["responses"]
        assert (response.status_code, again.status_code) == (200, 304)
        assert nothing.status_code in {200, 404}
        if "{path}" not in address:  # files of the log have types of their own
            for kind in said["200"]["content"]:
                assert client.get(real, headers={"accept": kind})["Content-Type"] == kind
        assert response["Access-Control-Allow-Origin"] == "*"
        for header in said["200"]["headers"]:
            assert response[header]
        assert {"200", "304", "404"} == set(said)


def test_people_read_how_programs_ask_in_both_languages(client, db):
    for language, heading in (("vi", "Phần mềm kiểm tra như thế nào"), ("en", "How programs ask")):
        page = client.get(reverse("verification:programs"), {"lang": language})

        assert page.status_code == 200
        assert heading in page.content.decode()
        assert API in page.content.decode()
        assert not page.cookies


def test_the_address_told_is_the_site_s_own_whatever_name_was_asked_for(client, db, settings):
    """Caches keep the page for everybody."""
    page = client.get(reverse("verification:programs"), headers={"host": "localhost:1"})

    assert settings.SITE_ADDRESS + API in page.content.decode()
    assert "localhost:1" not in page.content.decode()
