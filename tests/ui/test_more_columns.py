"""Lists take columns from rooms above."""

import pytest
from django.db.models import CharField, Value

from hocvu.ui import more_columns
from hocvu.ui.more_columns import MoreColumns, register_columns, with_more_columns
from hocvu.ui.tables import Column, ListPage
from hocvu.units.models import Unit

NAME = Column("name", "Name")


@pytest.fixture(autouse=True)
def nothing_added(monkeypatch):
    monkeypatch.setattr(more_columns, "_added", {})


def test_a_list_nobody_adds_to_stays_as_it_is():
    units = Unit.objects.all()

    assert with_more_columns("units", units, [NAME]) == (units, (NAME,))


@pytest.mark.django_db
def test_rooms_above_add_columns_in_their_order_and_what_these_show(rf):
    Unit.objects.create(code="VN", kind="nation", path="VN.", name="Việt Nam")
    later = MoreColumns(lambda about: [Column("said", about)], order=2)
    first = MoreColumns(
        lambda _: [Column("coverage", "Coverage")],
        lambda rows: rows.annotate(coverage=Value(7), said=Value("here", output_field=CharField())),
        order=1,
    )
    register_columns("units", "later", later)
    register_columns("units", "first", first)

    rows, columns = with_more_columns("units", Unit.objects.all(), [NAME], about="Said")
    page = ListPage.of(rf.get("/"), rows, columns=columns, default_sort="name", title="Units")

    assert [column.label for column in columns] == ["Name", "Coverage", "Said"]
    assert [cell.shown for cell in page.rows[0].cells] == ["Việt Nam", "7", "here"]


def test_the_same_name_again_replaces_what_was_added():
    for label in ("Before", "After"):
        register_columns("units", "a room", MoreColumns(lambda _, said=label: [Column(said, said)]))

    _, columns = with_more_columns("units", Unit.objects.none(), [NAME])

    assert [column.label for column in columns] == ["Name", "After"]
