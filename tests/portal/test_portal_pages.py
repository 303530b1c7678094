import pytest
from django.core.cache import cache
from django.urls import reverse

from campaigns.coverage_scene import NOON, assess, make_campaign, make_person, make_unit, sign_in
from hocvu.campaigns.actions import fold_coverage

FRONT, HOME = reverse("portal:front"), reverse("portal:home")


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


@pytest.fixture
def ward(db):
    nation = make_unit(None, "VN", "Việt Nam", "nation")
    city = make_unit(nation, "31", "Thành phố Hải Phòng", "city")
    return make_unit(city, "11473", "Phường Thủy Nguyên", place=(106.6, 20.9))


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def test_the_front_page_opens_before_anything_was_loaded(client, db):
    assert "<form" in text_of(client.get(FRONT))


def test_the_front_page_opens_before_anybody_was_counted(client, ward):
    make_campaign()

    assert "0 trên 1" in text_of(client.get(FRONT))


def test_the_front_page_shows_the_movement_to_everybody_and_nobody_s_name(
    client, ward, django_assert_max_num_queries
):
    campaign = make_campaign(shares=("4/5",))
    assess(campaign, make_person(ward, "Nguyễn Thị Riêng Tư"), passed=True)
    make_person(ward)
    fold_coverage(at=NOON)

    with django_assert_max_num_queries(8):
        page = text_of(client.get(FRONT))

    assert "50 %" in page.replace("\xa0", " ").replace("50,0", "50")
    assert "<svg" in page
    assert "Riêng Tư" not in page


def test_a_code_may_be_verified_from_the_front_page(client, ward):
    response = client.post(reverse("verification:verify"), {"code": "0000-0000-0000-0000"})

    assert response["Location"] == reverse("verification:code", args=["0" * 16])


def test_home_is_for_those_who_signed_in(client, db):
    assert client.get(HOME)["Location"].startswith(reverse("people:sign_in"))


SHOWN = {
    None: (),
    "training_officer": ("campaigns:start", "credentials:register"),
    "registrar": ("recognition:classes", "credentials:register", "campaigns:start"),
    "leader": ("campaigns:start", "credentials:register"),
    "inspector": ("campaigns:start", "credentials:register"),
    "administrator": (),
}
ROLE_PAGES = {address for addresses in SHOWN.values() for address in addresses}


@pytest.mark.parametrize("role", SHOWN)
def test_home_leads_to_the_pages_of_one_s_role_and_to_no_others(client, ward, role):
    person = make_person(ward, "Trần Thị Ở Nhà", role=role)

    page = text_of(sign_in(client, person).get(HOME))

    assert "Trần Thị Ở Nhà" in page
    assert reverse("wallet:mine") in page
    for address in ROLE_PAGES:
        assert (f'href="{reverse(address)}"' in page) == (address in SHOWN[role]), address


@pytest.mark.parametrize("role", SHOWN)
def test_every_page_home_leads_to_opens(client, ward, role):
    make_campaign()
    person = make_person(ward, role=role)
    response = sign_in(client, person).get(HOME)

    for item in response.context["navigation"]:
        answer = client.get(item.url, follow=True)
        assert answer.status_code == 200, item.url


@pytest.mark.parametrize("language", ["vi", "en"])
def test_both_languages_are_spoken(client, ward, language, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert f'lang="{language}"' in text_of(client.get(FRONT))
