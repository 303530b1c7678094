import json

import pytest
from django.urls import reverse

from hocvu.register.checkpoint import open_checkpoint
from hocvu.register.tiles import tile_path
from hocvu.trust.queries.believed import register_keys


def log(path):
    return reverse("verification:log", args=[path])


def test_the_signed_head_of_the_log_is_fetched_from_any_site(client, certificates):
    response = client.get(log("checkpoint"))

    head = open_checkpoint(response.content.decode(), register_keys())
    assert head.size == len(certificates)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=5"


def test_tiles_and_entries_may_be_kept_for_ever(client, certificates):
    for path in (str(tile_path(0, 0, 3)), "tile/entries/000.p/3"):
        response = client.get(log(path))

        assert response.status_code == 200, path
        assert "immutable" in response["Cache-Control"]
        assert response["Content-Type"] == "application/octet-stream"


def test_the_log_names_nobody(client, certificates):
    content = client.get(log("tile/entries/000.p/3")).content

    for certificate in certificates:
        assert certificate.entry.full_name.encode() not in content
        assert certificate.serial_number.encode() not in content
        assert certificate.verification_code.encode() not in content


@pytest.mark.parametrize(
    "path",
    ["../authority/root.pem", "tile/0/../../register.key", "exams/x", "tile/0/999", "%2e%2e"],
)
def test_no_other_file_of_the_folder_is_reachable(client, certificates, path):
    assert client.get(log(path)).status_code == 404


def test_what_has_not_changed_is_not_sent_again(client, certificates):
    tag = client.get(log("checkpoint"))["ETag"]

    again = client.get(log("checkpoint"), headers={"if-none-match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_roots_and_the_keys_of_the_log_are_given_away_and_private_keys_are_not(client, trust):
    roots = client.get(reverse("verification:roots")).content
    keys = client.get(reverse("verification:register_key")).content

    assert roots.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in roots + keys
    assert register_keys()[0].to_text().encode() in keys


def test_status_lists_keys_of_issuers_and_the_identifier_are_files(client, settings, trust):
    status = settings.REGISTER_FOLDER / "status"
    for purpose, text in (("revocation", "eyJ.a.b"), ("refresh", "eyJ.c.d")):
        (status / purpose).mkdir(parents=True)
        (status / purpose / "0").write_text(text)
    (settings.AUTHORITY_FOLDER / "issuers.json").write_text('{"keys": []}')
    (settings.AUTHORITY_FOLDER / "did.json").write_text('{"id": "did:web:x"}')

    lists = client.get(reverse("verification:status", args=["revocation", 0]))
    snapshot = client.get(reverse("verification:snapshot"))
    issuers = client.get(reverse("verification:issuers"))
    identifier = client.get("/.well-known/did.json")

    assert (lists.content, lists["Content-Type"]) == (b"eyJ.a.b", "application/vc+jwt")
    assert snapshot.content == b"eyJ.a.b\neyJ.c.d\n"
    assert json.loads(issuers.content) == {"keys": []}
    assert json.loads(identifier.content)["id"] == "did:web:x"


@pytest.mark.parametrize(
    ("asked_for", "given"),
    [
        ("*/*", "application/vc+jwt"),
        ("application/vc+jwt, application/vc;q=0.5", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/json", "application/vc"),
        ("application/ld+json, application/json", "application/vc"),
        ("text/html", "application/vc+jwt"),
    ],
)
def test_a_status_list_comes_in_the_form_a_wallet_reads(client, settings, trust, asked_for, given):
    for folder, text in (("status", "eyJ.a.b"), ("status-proved", '{"proof": {}}')):
        (settings.REGISTER_FOLDER / folder / "revocation").mkdir(parents=True)
        (settings.REGISTER_FOLDER / folder / "revocation" / "0").write_text(text)

    found = client.get("/status/revocation/0", headers={"accept": asked_for})

    assert found["Content-Type"] == given
    assert found.content == (b"eyJ.a.b" if given.endswith("jwt") else b'{"proof": {}}')
    assert "Accept" in found["Vary"]


@pytest.mark.parametrize(
    "address", ["/status/revocation/7", "/status/other/0", "/trust/snapshot.txt"]
)
def test_what_is_not_there_is_said_to_be_missing(client, trust, address):
    assert client.get(address).status_code == 404


def test_public_files_answer_no_writing(client, certificates):
    assert client.post(log("checkpoint")).status_code == 405
