"""Lists: paging, sorting by named columns only, filters in the address, export."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.utils import translation
from django.utils.safestring import SafeString

from hocvu.spreadsheets import read_grids
from hocvu.ui.tables import Column, ListChanged, ListPage

COLUMNS = (
    Column("name", "Tên nhóm", order_by="name", href=lambda group: f"/groups/{group.pk}/"),
    Column("parity", "Chẵn lẻ", order_by=("parity", "name"), value=lambda group: group.pk % 2),
    Column("size", "Số người", value=lambda group: group.pk * 1000, numeric=True, on_phone=False),
    Column("mark", "Dấu", value=lambda _group: "x", cell=lambda _group: SafeString("<b>x</b>")),
)


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.fixture
def sixty_groups(db):
    Group.objects.bulk_create(Group(name=f"Nhóm {n:02}") for n in range(60))
    return Group.objects.order_by()


@pytest.fixture
def page_of(rf, sixty_groups):
    def page(address="/groups/", queryset=sixty_groups, **more):
        return ListPage.of(
            rf.get(address),
            queryset,
            columns=COLUMNS[:1] + COLUMNS[2:],
            default_sort="name",
            title="Các nhóm",
            **more,
        )

    return page


def names(page):
    return [row.cells[0].shown for row in page.rows]


# Paging


def test_a_list_shows_its_first_twenty_five_rows(page_of):
    page = page_of()

    assert names(page) == [f"Nhóm {n:02}" for n in range(25)]
    assert page.count == 60
    assert page.range_in_words == "1–25"
    assert page.page_in_words == "Trang 1/3"


def test_every_row_is_met_once_on_the_way_through_the_pages(page_of):
    met = [
        name
        for number in (1, 2, 3)
        for name in names(page_of(f"/groups/?page={number}&sort=-name"))
    ]

    assert met == [f"Nhóm {n:02}" for n in reversed(range(60))]


@pytest.mark.parametrize("number", ["0", "-1", "99", "many", ""])
def test_a_page_that_does_not_exist_becomes_one_that_does(page_of, number):
    assert names(page_of(f"/groups/?page={number}"))


@pytest.mark.parametrize(("asked", "given"), [("50", 50), ("100", 60), ("7", 25), ("all", 25)])
def test_only_three_sizes_of_page_are_offered(page_of, asked, given):
    assert len(page_of(f"/groups/?size={asked}").rows) == given


def test_a_page_costs_two_queries(page_of, django_assert_num_queries):
    page = page_of("/groups/?page=2")

    with django_assert_num_queries(2):
        _ = (page.count, page.rows, page.next_url, page.page_in_words)


# Sorting


def test_a_column_sorts_both_ways(page_of):
    assert names(page_of("/groups/?sort=-name"))[0] == "Nhóm 59"
    assert names(page_of("/groups/?sort=name"))[0] == "Nhóm 00"


@pytest.mark.parametrize("sort", ["size", "permissions", "-pk", "name;drop", "--name", "password"])
def test_a_list_refuses_to_sort_by_what_it_does_not_name(page_of, sort):
    page = page_of(f"/groups/?sort={sort}")

    assert page.sort == "name"
    assert names(page)[0] == "Nhóm 00"


def test_every_order_ends_with_the_key(page_of):
    assert page_of().ordered.query.order_by[-1] == "pk"


def test_the_head_of_the_sorted_column_turns_the_order_round(page_of):
    head, plain, *_others = page_of("/groups/?sort=name&page=2&q=x").headings

    assert head.sorted == "ascending"
    assert head.url == "?sort=-name&q=x"
    assert (plain.url, plain.sorted) == ("", "")


# Filters


class GroupFilters(forms.Form):
    q = forms.CharField(required=False)


def test_filters_stay_in_the_address_from_page_to_page(page_of):
    page = page_of("/groups/?q=nh%C3%B3m&size=25&page=1")

    assert page.next_url == "?q=nh%C3%B3m&size=25&page=2"
    assert page.is_filtered


def test_an_order_is_not_a_filter(page_of):
    assert not page_of("/groups/?sort=-name&size=50&page=2&q=").is_filtered


def test_a_new_filter_keeps_the_order_but_starts_at_page_one(page_of):
    assert page_of("/groups/?sort=-name&page=2&q=x").kept == [("sort", "-name")]


# Export


def test_the_file_holds_every_row_in_the_order_of_the_page(page_of):
    grid = read_grids("groups", page_of("/groups/?sort=-name&page=2").as_xlsx())[0]
    texts = [[cell.text for cell in row] for row in grid.rows]
    head = texts.index(["Tên nhóm", "Số người", "Dấu"])

    assert [row[0] for row in texts[head + 1 :]] == [f"Nhóm {n:02}" for n in reversed(range(60))]


def test_a_file_that_misses_a_row_is_refused(rf, sixty_groups):
    def add_another(group):
        Group.objects.get_or_create(name="Nhóm chen ngang")
        return group.name

    page = ListPage.of(
        rf.get("/groups/"),
        sixty_groups,
        columns=[Column("name", "Tên", order_by="name", value=add_another)],
        default_sort="-name",
        title="Các nhóm",
    )

    with pytest.raises(ListChanged, match="xuất lại"):
        page.as_xlsx()


def test_the_export_link_answers_with_a_file(page_of):
    response = page_of("/groups/?format=xlsx").answer("ui/list.html")

    assert response["Content-Disposition"] == 'attachment; filename="cac-nhom.xlsx"'
    assert response.content.startswith(b"PK")


# The page itself


@pytest.fixture
def no_links(monkeypatch):
    monkeypatch.setattr("hocvu.ui.navigation._items", {})
    monkeypatch.setattr("hocvu.ui.navigation._menu", [])


def html_of(page):
    return page.answer("ui/list.html").content.decode()


def test_a_list_is_a_real_table(page_of, no_links):
    html = html_of(page_of())

    assert '<th scope="row"><a href="/groups/' in html
    assert 'aria-sort="ascending"' in html
    assert "<td><b>x</b></td>" in " ".join(html.replace(' class=""', "").split())


def test_names_in_a_list_cannot_break_out_of_it(page_of, no_links, sixty_groups):
    Group.objects.create(name="<script>alert(1)</script>")

    assert "<script>alert" not in html_of(page_of())


def test_rows_of_a_tickable_list_carry_their_keys_unformatted(page_of, no_links, sixty_groups):
    Group.objects.create(pk=1234567, name="A")

    assert 'name="row" value="1234567"' in html_of(page_of(tickable=True))


def test_an_empty_list_says_so(page_of, no_links):
    assert "Chưa có dữ liệu." in html_of(page_of(queryset=Group.objects.none()))


def test_an_empty_answer_to_a_filter_offers_everything(page_of, no_links):
    html = html_of(
        page_of("/groups/?q=zzz", queryset=Group.objects.none(), filters=GroupFilters({"q": "z"}))
    )

    assert "Không có dòng nào khớp với bộ lọc." in html
    assert 'href="/groups/"' in html


# Cells


def test_a_code_never_breaks_and_a_named_cell_says_its_name_on_a_phone(rf, sixty_groups):
    columns = (
        COLUMNS[0],
        Column("code", "Mã", value=lambda group: f"AI1-{group.pk}"),
        COLUMNS[3],
        Column(
            "ability",
            "Năng lực",
            value=lambda _group: 1,
            cell=lambda _group: SafeString("+1,0"),
            named_on_phone=True,
        ),
    )
    page = ListPage.of(
        rf.get("/groups/"), sixty_groups, columns=columns, default_sort="name", title="Các nhóm"
    )

    [_name, code, mark, ability] = page.rows[0].cells
    assert (code.stays_together, ability.stays_together) == (True, False)
    assert (mark.needs_name, ability.needs_name) == (False, True)
