"""The superior agency at the head of a document: whose name stands there, and as of which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.recognition_scene import decide, make_unit
from hocvu.credentials.queries.printing import common_of
from hocvu.credentials.queries.texts import common_texts
from hocvu.recognition.queries.documents import facts_of
from hocvu.recognition.queries.heads import head_of
from hocvu.recognition.rules.decree30 import decision_document
from hocvu.recognition.rules.heads import Named, superior_of
from hocvu.units.models import UnitKind, UnitName

NATION = Named("nation", "Việt Nam")
HAIPHONG = Named("city", "Thành phố Hải Phòng")
CAOBANG = Named("province", "Tỉnh Cao Bằng")
WARD = Named("ward", "Phường Thủy Nguyên")
ACADEMY = Named("academy", "Học viện Chính trị quốc gia Hồ Chí Minh")
OFFICE = Named("department", "Văn phòng Ủy ban nhân dân thành phố")
HOME_AFFAIRS = Named("department", "Sở Nội vụ")


@pytest.mark.parametrize(
    ("line", "superior"),
    [
        # None above a ministry, an academy under the Government, a people's committee.
        ([Named("ministry", "Bộ Nội vụ")], ""),
        ([ACADEMY], ""),
        ([HAIPHONG], ""),
        ([CAOBANG, WARD], ""),
        ([HAIPHONG, Named("department", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố")], ""),
        # An agency of an agency.
        ([ACADEMY, Named("regional_academy", "Học viện Chính trị khu vực I")], ACADEMY.name),
        ([ACADEMY, Named("department", "Vụ Các trường chính trị")], ACADEMY.name),
        # Of a province, city or commune: the people's committee, or the Party's.
        ([HAIPHONG, HOME_AFFAIRS], "Ủy ban nhân dân Thành phố Hải Phòng"),
        ([CAOBANG, HOME_AFFAIRS], "Ủy ban nhân dân Tỉnh Cao Bằng"),
        ([HAIPHONG, Named("political_school", "Trường Chính trị Tô Hiệu")], "Thành ủy Hải Phòng"),
        ([CAOBANG, Named("political_school", "Trường Chính trị Cao Bằng")], "Tỉnh ủy Cao Bằng"),
        ([HAIPHONG, Named("department", "Ban Tổ chức Thành ủy")], "Thành ủy Hải Phòng"),
        (
            [HAIPHONG, WARD, Named("political_school", "Trung tâm chính trị")],
            "Đảng ủy Phường Thủy Nguyên",
        ),
        # A superior in a place is named with it.
        (
            [HAIPHONG, HOME_AFFAIRS, Named("department", "Trung tâm Lưu trữ")],
            "Sở Nội vụ Thành phố Hải Phòng",
        ),
        (
            [HAIPHONG, OFFICE, Named("department", "Trung tâm điều hành thông minh")],
            "Văn phòng Ủy ban nhân dân thành phố Hải Phòng",
        ),
        # Where it lies says not whose it is.
        ([HAIPHONG, Named("university", "Trường Đại học Hàng hải Việt Nam")], ""),
        ([HAIPHONG, Named("enterprise", "Công ty Đèn Biển")], ""),
    ],
)
def test_the_agency_directly_above_is_named_where_there_is_one(line, superior):
    assert superior_of([NATION, *line]) == superior


@given(
    st.lists(
        st.builds(Named, st.sampled_from([*UnitKind.values, "school"]), st.text(max_size=20)),
        min_size=1,
        max_size=5,
    )
)
def test_every_line_of_the_tree_has_a_head(line):
    superior = superior_of(line)

    assert not superior or line[-1].kind in {
        *("department", "political_school", "academy", "regional_academy")
    }


@pytest.fixture
def school(city):
    return make_unit(city, "TCT-31", "Trường Chính trị mẫu", "political_school")


@pytest.fixture
def decision(training_class, registrar):
    return decide(training_class, registrar)


def test_the_decision_its_certificates_and_copies_name_the_superior_agency(decision):
    document = decision_document(facts_of(decision), [])
    printed = common_texts(common_of(decision), signed_by="")

    assert (document["superior"], document["agency"]) == (
        "THÀNH ỦY HẢI PHÒNG",
        "TRƯỜNG CHÍNH TRỊ MẪU",
    )
    assert (printed["parent_agency"], printed["agency"]) == (
        "THÀNH ỦY HẢI PHÒNG",
        "TRƯỜNG CHÍNH TRỊ MẪU",
    )


def test_the_names_are_those_of_the_day_of_the_decision(decision, school, city):
    renamed = date(2026, 11, 25)
    for unit, before in ((school, "Trường Chính trị cũ"), (city, "Thành phố Cảng")):
        UnitName.objects.create(
            unit=unit,
            name=before,
            kind=unit.kind,
            valid_from=date(2025, 7, 1),
            valid_to=renamed,
        )
        UnitName.objects.create(unit=unit, name=unit.name, kind=unit.kind, valid_from=renamed)

    then, now = head_of(school, decision.decided_on), head_of(school, renamed)

    assert (then.issuer, then.superior) == ("Trường Chính trị cũ", "Thành ủy Cảng")
    assert (now.issuer, now.superior) == ("Trường Chính trị mẫu", "Thành ủy Hải Phòng")
    assert facts_of(decision).issuer_name == "Trường Chính trị cũ"
    assert common_of(decision).superior_name == "Thành ủy Cảng"


def test_a_head_is_read_in_two_statements(school, django_assert_num_queries):
    with django_assert_num_queries(2):
        head_of(school, date(2026, 11, 20))
