"""Links by role: contexts register upward, the base page shows what this request may follow."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import path

from hocvu.ui import navigation
from hocvu.ui.navigation import (
    AccountMenu,
    NavigationItem,
    Place,
    Section,
    Tab,
    register,
    register_account,
    register_section,
    register_tab,
)


def _page(_request):
    return HttpResponse()


urlpatterns = [
    path("", _page, name="front"),
    path("classes/", _page, name="classes"),
    path("classes/old/", _page, name="old_classes"),
    path("account/", _page, name="account"),
    path("in/", _page, name="in"),
    path("out/", _page, name="out"),
]

pytestmark = pytest.mark.urls(__name__)


def anyone(_request):
    return True


def nobody(_request):
    return False


@pytest.fixture(autouse=True)
def empty_house(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_menu", [])


def labels(request, place=Place.MAIN):
    return [link.label for link in navigation.links_for(request, place)]


def test_links_stand_in_their_order_whoever_registered_first(rf):
    register(NavigationItem("Classes", "classes", anyone, order=20))
    register(NavigationItem("Front", "front", anyone, order=10))

    assert labels(rf.get("/")) == ["Front", "Classes"]


def test_a_link_is_hidden_from_those_who_may_not_follow_it(rf):
    register(NavigationItem("Classes", "classes", nobody))

    assert labels(rf.get("/")) == []


def test_registering_an_address_again_replaces_it(rf):
    register(NavigationItem("Classes", "classes", anyone))
    register(NavigationItem("My classes", "classes", anyone))

    assert labels(rf.get("/")) == ["My classes"]


def test_links_of_the_account_stay_out_of_the_main_ones(rf):
    register(NavigationItem("My account", "account", anyone, place=Place.ACCOUNT))

    assert labels(rf.get("/")) == []
    assert labels(rf.get("/"), Place.ACCOUNT) == ["My account"]


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/", ["Front"]),
        ("/classes/", ["Classes"]),
        ("/classes/12/roll/", ["Classes"]),
        ("/classes/old/3/", ["Old classes"]),
        ("/classesx/", []),
    ],
)
def test_the_longest_address_above_this_page_is_the_current_one(rf, address, current):
    for label, name in (("Front", "front"), ("Classes", "classes"), ("Old classes", "old_classes")):
        register(NavigationItem(label, name, anyone))

    links = navigation.links_for(rf.get(address), Place.MAIN)

    assert [link.label for link in links if link.current] == current


def test_without_accounts_there_is_no_account_menu(rf):
    assert navigation.account_of(rf.get("/")) is None


def test_the_account_menu_knows_who_is_here_and_the_way_out(rf):
    register_account(AccountMenu("in", "out", lambda _request: "Trần Thị Minh"))

    account = navigation.account_of(rf.get("/"))

    assert account.name == "Trần Thị Minh"
    assert (account.sign_in_url, account.sign_out_url) == ("/in/", "/out/")


def test_a_page_that_shows_no_links_asks_nobody_for_permission(rf):
    asked = []
    register(NavigationItem("Classes", "classes", lambda _request: bool(asked.append(1))))
    request = rf.get("/")
    request.user = AnonymousUser()

    shown = navigation.navigation(request)
    assert not asked

    assert list(shown["navigation"]) == []
    assert asked


def test_a_request_refused_before_anybody_was_recognised_shows_no_links(rf):
    register(NavigationItem("Classes", "classes", lambda request: request.user.is_authenticated))

    shown = navigation.navigation(rf.get("/"))

    assert (shown["navigation"], shown["account"]) == ((), None)


def test_the_language_switch_is_absent_where_languages_cannot_be_set(rf):
    assert str(navigation.navigation(rf.get("/"))["language_url"]) == ""


def test_links_of_a_group_open_under_its_name_and_one_alone_stands_by_itself(rf):
    register(NavigationItem("Front", "front", anyone, order=10))
    register(NavigationItem("Classes", "classes", anyone, order=20, group="Learning"))
    register(NavigationItem("Old classes", "old_classes", anyone, order=21, group="Learning"))
    register(NavigationItem("In", "in", anyone, order=30, group="Elsewhere"))

    links = navigation.links_for(rf.get("/classes/"), Place.MAIN)
    bar = render_to_string("ui/parts/bar_links.html", {"links": links})

    assert bar.count("<details") == 1
    assert "menu group is-current" in bar
    assert "<summary>Learning" in bar
    assert "Elsewhere" not in bar
    assert [link.label for link in links] == ["Front", "Classes", "Old classes", "In"]


def test_rooms_above_add_sections_to_a_page_in_their_order(rf, monkeypatch):
    monkeypatch.setattr(navigation, "_sections", {})
    empty = "ui/parts/empty_state.html"
    for order, said in ((2, "Appeals"), (1, "Remarks")):
        section = Section(
            empty, lambda _request, thing, said=said: {"heading": said + thing}, order
        )
        register_section("result", said, section)

    page = Template('{% load ui %}{% sections "result" ":7" %}{% sections "paper" ":7" %}')
    shown = page.render(Context({"request": rf.get("/")}))

    assert shown.index("Remarks:7") < shown.index("Appeals:7")
    assert shown.count("Remarks") == 1


def test_what_rooms_above_offer_can_stand_beside_the_acts_of_a_page(rf, monkeypatch):
    monkeypatch.setattr(navigation, "_tabs", {})
    for label, may in (("Markers", True), ("Seals", False)):
        tab = Tab(label, lambda thing: f"/sittings/{thing}/", lambda _r, _t, may=may: may)
        register_tab("sitting", label, tab)

    page = Template('{% load ui %}{% tab_buttons "sitting" 7 %}')
    shown = page.render(Context({"request": rf.get("/")}))

    assert shown.strip() == '<a class="button quiet" href="/sittings/7/">Markers</a>'
