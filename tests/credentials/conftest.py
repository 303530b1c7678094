"""A school of a city whose class of three has been held and closed, and its registrar."""

import shutil
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache

from credentials.files_scene import (
    PASSWORD,
    PASSWORD_FROM,
    keep_certificates,
    keep_pkcs12,
    make_key,
)
from credentials.recognition_scene import (
    NOON,
    TEXT,
    certify,
    hold_class,
    make_person,
    make_programme,
    make_unit,
)
from hocvu.signing import DevelopmentAuthority
from hocvu.stationery.actions.packaged import load_templates
from hocvu.trust.actions import set_up_trust


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """One authority for all tests, each with a copy of its own: forms are then set once."""
    folder = tmp_path_factory.mktemp("authority") / "made"
    DevelopmentAuthority.open(folder).key_for("Trường Chính trị mẫu")
    return folder


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path, authority):
    """Every test has its own authority, its own register and its own minute of verifications."""
    settings.AUTHORITY_FOLDER = tmp_path / "authority"
    shutil.copytree(authority, settings.AUTHORITY_FOLDER)
    settings.REGISTER_FOLDER = tmp_path / "register"
    cache.clear()


@pytest.fixture
def trust(db):
    set_up_trust(at=NOON)
    load_templates(at=NOON)


@pytest.fixture
def nation(db):
    return make_unit(None, "VN", "Việt Nam", "nation")


@pytest.fixture
def city(nation):
    return make_unit(nation, "31", "Thành phố Hải Phòng", "city")


@pytest.fixture
def school(city):
    return make_unit(city, "TCT-31", "Trường Chính trị mẫu", "school")


@pytest.fixture
def ward(city):
    return make_unit(city, "11473", "Phường Thủy Nguyên")


@pytest.fixture
def other_city(nation):
    return make_unit(nation, "48", "Thành phố Đà Nẵng", "city")


@pytest.fixture
def registrar(school):
    return make_person("Bùi Thị Văn Thư", school, role="registrar")


@pytest.fixture
def stranger(other_city):
    """A registrar, somewhere else."""
    return make_person("Đỗ Văn Nơi Khác", other_city, role="registrar")


@pytest.fixture
def officer(city):
    return make_person("Trần Văn Quản", city, role="training_officer")


@pytest.fixture
def learners(ward):
    return [make_person(name, ward) for name in ("Phạm Văn Ân", "Dương Dũng", "Đặng Thu Đào")]


@pytest.fixture
def absentee(ward):
    return make_person("Vũ Văn Vắng", ward)


@pytest.fixture
def programme(db):
    return make_programme()


@pytest.fixture
def hold(trust, programme, school, officer):
    """Hold a class of the school: who came, who did not, its code."""
    return partial(hold_class, programme, school, officer)


@pytest.fixture
def training_class(hold, learners, absentee):
    """Closed: three came to everything, one to nothing."""
    return hold(learners, [absentee])


@pytest.fixture
def next_class(hold, ward):
    """Another class of the same school, with one graduate."""
    return hold([make_person("Cao Văn Kế", ward)], code="K2")


@pytest.fixture
def later_class(hold, ward):
    return hold([make_person("Cao Văn Sau", ward)], code="K3")


@pytest.fixture
def certificates(training_class, registrar):
    return certify(training_class, registrar)


@pytest.fixture
def certificate(certificates):
    return certificates[0]


@pytest.fixture
def folder(trust, settings, monkeypatch):
    """Where `keys.toml` and what it names lie."""
    monkeypatch.setenv(PASSWORD_FROM, PASSWORD)
    return settings.AUTHORITY_FOLDER


@pytest.fixture(scope="session")
def bach_private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def bach(folder, bach_private):
    """The key in the token of the one who signs the decision."""
    key = make_key(folder, TEXT.signer_name, private=bach_private)
    keep_certificates(folder, "bach.pem", key.chain[0])
    return key


@pytest.fixture
def hanh(folder):
    """Somebody else who signs for the same school."""
    key = make_key(folder, "Nguyễn Thị Hạnh")
    keep_certificates(folder, "hanh.pem", key.chain[0])
    return key


@pytest.fixture
def organisation(folder):
    key = make_key(folder, "Trường Chính trị mẫu")
    keep_pkcs12(folder, "school.p12", key)
    return key


@pytest.fixture
def leaders(school):
    """The one who signs the decision, and somebody else who leads the same school; in office."""
    return {
        "bach": make_person(TEXT.signer_name, school, title=TEXT.signer_title, role="leader"),
        "hanh": make_person("Nguyễn Thị Hạnh", school, title="Hiệu trưởng", role="leader"),
    }


@pytest.fixture
def named(folder, bach, hanh, organisation, leaders):
    """The school signs by plug-in; its own signature comes behind."""
    root = DevelopmentAuthority.open(folder).root_certificate
    keep_certificates(folder, "roots.pem", root)
    (folder / "keys.toml").write_text(
        f"""
[[issuer]]
code = "TCT-31"
signs = "plug-in"
roots = "roots.pem"
[[issuer.signer]]
name = "{TEXT.signer_name}"
certificates = "bach.pem"
[[issuer.signer]]
name = "Nguyễn Thị Hạnh"
certificates = "hanh.pem"
[issuer.organisation]
pkcs12 = "school.p12"
password_from = "{PASSWORD_FROM}"
"""
    )
