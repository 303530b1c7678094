"""What `keys.toml` says, and what it may not say."""

from pathlib import Path

import pytest

from hocvu.trust import rules
from hocvu.trust.rules import (
    KeysFile,
    KeysFileIsWrong,
    Pkcs12Entry,
    Profile,
    ServiceEntry,
    SignerEntry,
    Signs,
    TimestampsEntry,
    TokenEntry,
    read_keys,
)

P12 = 'pkcs12 = "school.p12"\npassword_from = "HOCVU_PASSWORD"\n'
ISSUER = f'[[issuer]]\ncode = "TCT-31"\n{P12}'


def example():
    """The file that the module's own words show, without their margin."""
    lines = rules.__doc__.splitlines()
    return "\n".join(line[4:] for line in lines if line.startswith("    "))


def test_the_example_in_the_words_about_the_file_can_be_read():
    keys = read_keys(example())

    assert [each.code for each in keys.issuers] == ["HCMA", "TCT-31", "TCT-48"]
    token, twice, elsewhere = keys.issuers
    assert isinstance(token.organisation, TokenEntry)
    assert token.profile is Profile.B_LT
    assert token.statement == Pkcs12Entry("hcma-statements.p12", "HOCVU_PASSWORD_HCMA")
    assert isinstance(twice.signers[0].key, ServiceEntry)
    assert twice.organisation == Pkcs12Entry("tct-31.p12", "HOCVU_PASSWORD_TCT_31")
    assert elsewhere.signs is Signs.PLUG_IN
    assert elsewhere.signers == (SignerEntry("Nguyễn Thị Hạnh", None, "hanh.pem"),)
    assert keys.installation == Pkcs12Entry("installation.p12", "HOCVU_PASSWORD")
    assert keys.timestamps == TimestampsEntry("http://tsa.example.vn", "timestamp-roots.pem")


def test_every_key_is_named_once():
    keys = read_keys(ISSUER + f"[issuer.statement]\n{P12}[installation]\n{P12}")

    assert keys.keys == (Pkcs12Entry("school.p12", "HOCVU_PASSWORD"),)
    assert len(read_keys(example()).keys) == 5


def test_an_empty_file_names_nobody():
    assert read_keys("") == KeysFile()
    assert read_keys("").issuer("TCT-31") is None


def test_the_organisations_key_may_stand_apart():
    apart = read_keys(f'[[issuer]]\ncode = "TCT-31"\n[issuer.organisation]\n{P12}')

    assert apart == read_keys(ISSUER)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[issuer]", "It is not readable"),
        ("[[isuer]]\n", "no field `isuer`"),
        ("[[issuer]]\n", "`code` is missing"),
        ('[[issuer]]\ncode = ""\n', "`code` is missing"),
        ("[[issuer]]\ncode = 31\n", "`code` is missing or is no text"),
        ('[[issuer]]\ncode = "TCT-31"\n', "no key is named for the organisation"),
        (ISSUER + 'pasword_from = "X"\n', "issuer TCT-31: there is no field `pasword_from`"),
        (ISSUER + 'module = "/usr/lib/x.so"\n', "name one of `pkcs12`, `module` or `service`"),
        (ISSUER + 'pin_from = "X"\n', "there is no field `pin_from`"),
        (ISSUER + ISSUER, "issuer TCT-31 is named twice"),
        (ISSUER + 'profile = "B-LTA"\n', '`profile` is one of "B-B", "B-T", "B-LT"'),
        (ISSUER + 'signs = "by hand"\n', '`signs` is one of "server", "plug-in"'),
        (ISSUER + f"[issuer.organisation]\n{P12}", "the organisation's key is named twice"),
        (ISSUER + "[[issuer.signer]]\n" + P12, "signer: `name` is missing"),
        (ISSUER + '[[issuer.signer]]\nname = "A"\n', "signer A: name one of"),
        (
            ISSUER + f'[[issuer.signer]]\nname = "A"\n{P12}' * 2,
            "issuer TCT-31: signer A is named twice",
        ),
        (ISSUER + 'statement = "statement.p12"\n', "`statement` is not written as a table"),
        (ISSUER + 'signer = "A"\n', "`signer` is not written as [[…signer]]"),
        ('[[issuer]]\ncode = "A"\nsigns = "plug-in"\n', "a plug-in needs `roots`"),
        ('[[issuer]]\ncode = "A"\nservice = "https://x"\n', "`credential` is missing"),
        ('[timestamps]\naddress = "http://tsa"\n', "[timestamps]: `roots` is missing"),
        ("[installation]\n", "[installation]: name one of"),
    ],
)
def test_what_is_misspelled_is_refused_with_its_place(text, sentence):
    with pytest.raises(KeysFileIsWrong) as refused:
        read_keys(text)

    assert sentence in str(refused.value)


def test_a_plug_ins_signer_has_certificates_and_no_key_here():
    text = f'[[issuer]]\ncode = "A"\nsigns = "plug-in"\nroots = "r.pem"\n[[issuer.signer]]\n{P12}'

    with pytest.raises(KeysFileIsWrong, match="`name` is missing"):
        read_keys(text)
    with pytest.raises(KeysFileIsWrong, match="no field `password_from`"):
        read_keys(text + 'name = "B"\n')


def test_the_guide_for_engineers_shows_the_same_file():
    guide = Path(__file__).parents[2] / "docs/guides/engineer.md"
    shown = guide.read_text().partition("## Chữ ký")[2].partition("\n## ")[0]
    text = "\n".join(line[4:] for line in shown.splitlines() if line.startswith("    "))

    assert read_keys(text).issuers
