"""Every page of the house, looked at sharply: two widths, both languages, light and dark."""

import pytest
from browser_scene import ADMINISTRATOR, LATECOMER, player
from django.urls import get_resolver, reverse
from page_doors import AT_ANY_WIDTH, DOORS, IN_ENGLISH, NOT_PAGES
from playwright.sync_api import expect
from visitors import DESK, PHONE

pytestmark = pytest.mark.browser


def _each(names=None):
    chosen = [door for door in DOORS if names is None or door.name in names]
    return pytest.mark.parametrize("door", chosen, ids=lambda door: door.name)


@pytest.fixture(scope="module")
def visit(visitor):
    """Open a door as the one it is for; each person keeps their browser."""
    arrived = {}

    def enter(door, *, language="vi", **options):
        key = (door.username, language, *options.items())
        if key not in arrived:
            arrived[key] = visitor(PHONE, door.username, **options).reads(language)
        someone = arrived[key]
        someone.page.set_viewport_size({"width": PHONE, "height": 844})
        answer = someone.page.goto(someone.address + door.path)
        assert answer.status == 200, f"{door.name}: {answer.status}"
        return someone

    return enter


def test_every_page_is_looked_at():
    named = {f"{space}:{name}" if space else name for space, name in _addresses(get_resolver())}

    assert named - {door.name for door in DOORS} == NOT_PAGES


@_each()
def test_a_page_is_fit_for_everybody(visit, door):
    someone = visit(door)

    someone.looks(door.name.replace(":", "-"))
    someone.looks(door.name.replace(":", "-"), width=DESK)


def test_the_slip_of_a_new_password_is_fit_for_everybody(visitor):
    administrator = visitor(PHONE, ADMINISTRATOR)
    administrator.opens(reverse("people:reset_password", args=[player(LATECOMER).pk]))

    administrator.presses("Cấp mật khẩu")

    administrator.sees(player(LATECOMER).full_name, "Mật khẩu dùng một lần")
    administrator.looks("people-slip")


@_each(IN_ENGLISH)
def test_a_page_is_fit_for_everybody_in_english(visit, door):
    someone = visit(door, language="en")

    expect(someone.page.locator("html")).to_have_attribute("lang", "en")
    someone.looks(f"en-{door.name.replace(':', '-')}")


@_each(AT_ANY_WIDTH)
def test_a_page_is_fit_for_the_dark(visit, door):
    someone = visit(door, color_scheme="dark")

    someone.looks(f"dark-{door.name.replace(':', '-')}")


@pytest.mark.parametrize("narrow_or_wide", [360, 1920])
@_each(AT_ANY_WIDTH)
def test_a_page_fits_small_phones_and_walls(visit, door, narrow_or_wide):
    someone = visit(door)

    someone.page.set_viewport_size({"width": narrow_or_wide, "height": 800})

    someone.fits(door.name)


def _addresses(resolver, space=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _addresses(pattern, pattern.namespace or pattern.app_name or space)
        else:
            yield space, pattern.name
