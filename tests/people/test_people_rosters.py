"""Rosters: everything told before anything is stored; all of it or nothing."""

import csv
import io
import zipfile

import pytest
import xlsxwriter
import xlwt
from people_scene import NOON, somebody, with_role

from hocvu.audit.models import AuditEntry
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import _reactions
from hocvu.people.actions import (
    ImportIsDone,
    ImportIsGivenUp,
    RosterIsUnreadable,
    give_up_roster,
    import_roster,
    tick_proposals,
    upload_roster,
)
from hocvu.people.events import PeopleChangedPosts
from hocvu.people.models import Person, Post, RosterImport
from hocvu.people.queries.rosters import (
    OUTCOME_WORDS,
    imports_open_to,
    outcome_file_of,
    preview_of,
    sentence_of,
    sheet_problems_of,
    template_file,
)
from hocvu.people.queries.unreadable_files import UNREADABLE_SENTENCES
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_taking import LineProblem, Outcome, TakingProblemKind
from hocvu.spreadsheets import UnreadableReason, read_grids, write_table

HEADINGS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Giới tính",
    "Số CCCD",
    "Chức vụ",
    "Đơn vị",
    "Đối tượng",
)
AN = (
    "Nguyễn Văn An",
    "03/05/1980",
    "Nam",
    "031080000001",
    "Chuyên viên",
    "Phường Lê Chân",
    "Công chức",
)
BINH = (
    "Trần Thị Bình",
    "07/09/1990",
    "Nữ",
    "031190000002",
    "Văn thư",
    "Phường An Biên",
    "Viên chức",
)


def table(*people, headings=HEADINGS):
    rows = [[str(number), *person] for number, person in enumerate(people, start=1)]
    return write_table("DANH SÁCH", headings, rows, sheet_name="DS")


def changed(person, **fields):
    """The same row with some cells written otherwise."""
    places = {"name": 0, "birth": 1, "sex": 2, "number": 3, "title": 4, "unit": 5, "category": 6}
    cells = list(person)
    for name, value in fields.items():
        cells[places[name]] = value
    return tuple(cells)


@pytest.fixture
def upload(hai_phong, le_chan, an_bien, officer):
    def up(*people, unit=hai_phong, by=officer, at=NOON):
        return upload_roster(unit, "ds.xlsx", table(*people), by=by, at=at)

    return up


@pytest.fixture
def take_over(upload, officer):
    def take(*people, accept=(), by=officer):
        roster = upload(*people, by=by)
        return import_roster(roster, accepted_proposals=accept, by=by, at=NOON)

    return take


def problems_of(roster):
    return {problem.kind for line in preview_of(roster).lines for problem in line.problems}


def staff():
    """People who came in by roster."""
    return Person.objects.exclude(full_name__startswith="Người Giữ Vai")


# --- Preview -----------------------------------------------------------------------------------


def test_a_preview_stores_nobody(upload):
    roster = upload(AN, BINH)

    assert preview_of(roster).counts == {"added": 2}
    assert not staff().exists()


def test_every_problem_is_told_at_once_with_row_and_column(upload):
    roster = upload(
        changed(AN, birth="31/02/1980"),
        changed(BINH, number="12345", unit="Phường Không Có"),
        changed(AN, name="Vũ Văn Khác"),
    )

    told = {
        (problem.row, problem.column_letter, problem.kind)
        for line in preview_of(roster).lines
        for problem in line.problems
    }

    assert {
        (4, "C", "birth_impossible"),
        (5, "E", "identity_wrong_length"),
        (5, "", "unit_unknown"),
        (4, "E", "number_of_another"),
        (6, "E", "number_of_another"),
    } <= told


def test_the_same_file_uploaded_twice_waits_once(hai_phong, le_chan, officer):
    file = table(AN)  # made once: a workbook carries the second in which it was written

    first = upload_roster(hai_phong, "ds.xlsx", file, by=officer, at=NOON)
    second = upload_roster(hai_phong, "ds.xlsx", file, by=officer, at=NOON)

    assert first == second
    assert RosterImport.objects.count() == 1


def test_a_page_shows_25_rows_problems_first(upload):
    people = [changed(AN, number=f"0310800{at:05d}") for at in range(10, 70)]
    roster = upload(*people, changed(BINH, unit="Phường Không Có"))

    preview = preview_of(roster)

    assert len(preview.rows) == 25
    assert preview.last_page == 3
    assert preview.rows[0].line.full_name == "Trần Thị Bình"
    assert len(preview_of(roster, page=99).rows) == 11


def test_a_roster_without_a_unit_column_belongs_to_the_ward_it_was_uploaded_for(
    le_chan, ward_officer
):
    content = table(AN[:4], headings=HEADINGS[:5])

    roster = upload_roster(le_chan, "ds.xlsx", content, by=ward_officer, at=NOON)

    assert preview_of(roster).lines[0].unit_id == le_chan.pk


def test_an_officer_of_a_ward_imports_nobody_into_another(le_chan, an_bien, ward_officer):
    roster = upload_roster(le_chan, "ds.xlsx", table(AN, BINH), by=ward_officer, at=NOON)

    outcome = import_roster(roster, accepted_proposals=["unit_unknown"], by=ward_officer, at=NOON)

    assert (outcome.added, outcome.refused) == (1, 1)
    assert "unit_outside" in problems_of(roster)


def test_nobody_uploads_outside_their_reach(upload, ba_dinh, leader, officer):
    for unit, by in ((ba_dinh, officer), (None, leader)):
        with pytest.raises(NotAllowed):
            upload(AN, by=by, **({"unit": unit} if unit else {}))


# --- Files that are no rosters ------------------------------------------------------------------


def zipped(name):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"<html><form>x</form></html>", "trang web"),
        (b"", "không có nội dung"),
        (zipped("ds.pdf"), "tệp nén"),
        (b"\x89PNG\r\n\x1a\n0000", "hình ảnh"),
        (bytes(range(256)) * 9, "không phải bảng tính|hỏng"),
    ],
)
def test_a_file_that_is_no_spreadsheet_gets_one_plain_sentence(
    hai_phong, officer, content, sentence
):
    with pytest.raises(RosterIsUnreadable, match=sentence):
        upload_roster(hai_phong, "ds.xlsx", content, by=officer, at=NOON)
    assert not RosterImport.objects.exists()


def test_every_reason_has_its_sentence_and_next_step():
    assert set(UNREADABLE_SENTENCES) == set(UnreadableReason)
    assert all(sentence and step for sentence, step in UNREADABLE_SENTENCES.values())


def test_text_in_an_old_font_is_refused_with_what_it_means(upload, officer):
    roster = upload(changed(AN, name="NguyÔn V¨n An"))

    assert [p.kind for p in sheet_problems_of(roster)] == ["legacy_font"]
    assert "Nguyễn Văn An" in preview_of(roster).sheet_sentences[0][1]
    with pytest.raises(RosterIsUnreadable):
        import_roster(roster, accepted_proposals=[], by=officer, at=NOON)


def test_an_old_xls_and_a_csv_are_read_like_the_xlsx(hai_phong, le_chan, officer):
    book = xlwt.Workbook()
    sheet = book.add_sheet("DS")
    text = io.StringIO()
    for row, cells in enumerate((HEADINGS, ("1", *AN))):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
        csv.writer(text).writerow(cells)
    xls = io.BytesIO()
    book.save(xls)

    for name, content in (("a.xls", xls.getvalue()), ("a.csv", text.getvalue().encode())):
        roster = upload_roster(hai_phong, name, content, by=officer, at=NOON)
        assert preview_of(roster).lines[0].full_name == "Nguyễn Văn An"


def test_every_sheet_of_a_workbook_is_taken_over_and_each_row_says_where_it_stands(
    hai_phong, le_chan, an_bien, officer
):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        for name, person in (("Khối 1", AN), ("Khối 2", BINH), ("Khối 3", AN)):
            sheet = workbook.add_worksheet(name)
            for row, cells in enumerate((HEADINGS, ("1", *person))):
                sheet.write_row(row, 0, cells)

    roster = upload_roster(hai_phong, "ds.xlsx", file.getvalue(), by=officer, at=NOON)

    preview = preview_of(roster)
    assert [line.shown_row for line in preview.lines] == ["2 (Khối 1)", "2 (Khối 2)"]
    assert "2 (Khối 3)" in preview.rows[0].sentences[0].words
    assert import_roster(roster, accepted_proposals=[], by=officer, at=NOON).added == 2


# --- Import ------------------------------------------------------------------------------------


def test_people_come_in_with_their_posts(take_over, le_chan):
    outcome = take_over(AN, BINH)

    person = Person.objects.get(full_name="Nguyễn Văn An")
    post = Post.objects.get(person=person)
    assert (outcome.added, outcome.refused) == (2, 0)
    assert (person.birth_text, person.sex) == ("03/05/1980", "male")
    assert person.identity_number == "031080000001"
    assert (post.unit, post.title, post.category) == (le_chan, "Chuyên viên", "civil_servant")


def test_the_same_file_twice_changes_nothing(take_over, upload, officer):
    nameless = changed(AN, name="Lê Không Số", number="")
    twins = (changed(nameless, name="Vũ Sinh Đôi"), changed(nameless, name="Vũ Sinh Đôi"))
    take_over(AN, BINH, nameless, *twins)
    before = list(Person.objects.values()), list(Post.objects.values())

    outcome = take_over(AN, BINH, nameless, *twins)

    assert (outcome.unchanged, outcome.added, outcome.updated) == (5, 0, 0)
    assert (list(Person.objects.values()), list(Post.objects.values())) == before


def test_pressing_import_twice_imports_once(upload, officer):
    roster = upload(AN)
    first = import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    second = import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    assert first.added == second.added == 1
    assert AuditEntry.objects.filter(act="roster_imported").count() == 1


def test_what_is_announced_is_who_changed_posts(take_over):
    heard = []
    _reactions[PeopleChangedPosts].append(heard.append)
    try:
        take_over(AN, BINH)
        take_over(AN, changed(BINH, title="Phó Chủ tịch"))
        take_over(AN)
    finally:
        _reactions[PeopleChangedPosts].remove(heard.append)

    binh = Person.objects.get(full_name="Trần Thị Bình")
    assert [len(event.person_ids) for event in heard] == [2, 1]
    assert heard[1].person_ids == (binh.pk,)


def test_a_proposal_counts_only_when_accepted(take_over):
    lost = changed(AN, number="31080000001")

    take_over(lost)
    assert staff().get().identity_number is None

    take_over(lost, accept=["identity_zeros_lost"])
    assert staff().get().identity_number == "031080000001"


def test_a_proposal_can_be_accepted_for_one_row_alone(take_over):
    take_over(
        changed(AN, birth="03/05/80"),
        changed(BINH, birth="07/09/90"),
        accept=["4:birth_two_digit_year"],
    )

    births = {person.full_name: person.birth_year for person in staff()}
    assert births == {"Nguyễn Văn An": 1980, "Trần Thị Bình": None}


def test_a_unit_that_does_not_exist_leaves_the_row_out(take_over):
    outcome = take_over(AN, changed(BINH, unit="Phường Không Có"))

    assert (outcome.added, outcome.refused) == (1, 1)
    assert [person.full_name for person in staff()] == ["Nguyễn Văn An"]


def test_one_number_for_two_names_leaves_both_out(take_over):
    outcome = take_over(AN, changed(BINH, number="031080000001"))

    assert (outcome.added, outcome.refused) == (0, 2)


def test_two_rows_given_one_number_by_a_proposal_are_both_left_out(take_over):
    one = changed(AN, number="031080000001")
    outcome = take_over(
        one, changed(AN, name="Vũ Văn Khác", number="31080000001"), accept=["identity_zeros_lost"]
    )

    assert (outcome.added, outcome.refused) == (0, 2)


def test_a_number_known_under_another_name_is_refused_and_nothing_is_overwritten(
    take_over, le_chan
):
    known = somebody(le_chan, "Hoàng Thị Khác Hẳn", identity_number="031080000001")

    outcome = take_over(AN)

    known.refresh_from_db()
    assert outcome.refused == 1
    assert known.full_name == "Hoàng Thị Khác Hẳn"


def test_contradictions_are_told_and_never_corrected(take_over, le_chan):
    known = somebody(
        le_chan, "Nguyễn Văn Ân", identity_number="031080000001", birth_year=1975, sex="female"
    )

    outcome = take_over(AN)

    told = problems_of(outcome.roster_import)
    known.refresh_from_db()
    assert {"name_spelled_otherwise", "known_birth_differs", "known_sex_differs"} <= told
    assert (known.full_name, known.birth_year, known.sex) == ("Nguyễn Văn Ân", 1975, "female")


def test_gaps_are_filled(take_over, le_chan):
    known = somebody(le_chan, "Nguyễn Văn An", birth_year=1980)

    outcome = take_over(AN)

    known.refresh_from_db()
    assert outcome.updated == 1
    assert (known.identity_number, known.birth_text) == ("031080000001", "03/05/1980")


def test_a_namesake_without_a_date_of_birth_is_not_guessed(take_over, le_chan):
    somebody(le_chan, "Nguyễn Văn An", birth_year=1980)

    outcome = take_over(changed(AN, number="", birth=""))

    assert outcome.refused == 1
    assert "perhaps_known" in problems_of(outcome.roster_import)


def test_somebody_who_moved_within_reach_ends_one_post_and_begins_another(
    take_over, an_bien, le_chan
):
    take_over(AN)
    Post.objects.update(from_on=None)

    outcome = take_over(changed(AN, unit="Phường An Biên"))

    person = staff().get()
    old, new = person.posts.order_by("pk")
    assert outcome.moved == 1
    assert (old.unit, old.until_on) == (le_chan, NOON.date())
    assert (new.unit, new.until_on, new.from_on) == (an_bien, None, NOON.date())


def test_somebody_of_another_province_is_not_taken_away_from_it(take_over, ba_dinh):
    somebody(ba_dinh, "Nguyễn Văn An", identity_number="031080000001")

    outcome = take_over(AN)

    assert outcome.refused == 1
    assert "known_elsewhere" in problems_of(outcome.roster_import)
    assert Post.objects.get(person__identity_number="031080000001").unit == ba_dinh


def test_a_known_person_without_a_post_gets_one(take_over, le_chan):
    person = somebody(le_chan, "Nguyễn Văn An", identity_number="031080000001")
    person.posts.update(until_on=NOON.date())

    outcome = take_over(AN)

    assert outcome.updated == 1
    assert person.posts.get(until_on=None).unit == le_chan


def test_a_category_is_assumed_for_new_people_only_when_accepted(take_over):
    take_over(changed(AN, category=""), accept=["category_missing"])
    take_over(changed(BINH, category=""))

    categories = dict(Post.objects.filter(person__in=staff()).values_list("title", "category"))
    assert categories == {"Chuyên viên": "civil_servant", "Văn thư": "other"}


def test_a_cancelled_roster_cannot_be_imported(upload, officer):
    roster = upload(AN)
    give_up_roster(roster, by=officer, at=NOON)
    give_up_roster(roster, by=officer, at=NOON)

    with pytest.raises(ImportIsGivenUp):
        import_roster(roster, accepted_proposals=[], by=officer, at=NOON)
    assert not staff().exists()


def test_an_imported_roster_cannot_be_cancelled(upload, officer):
    roster = upload(AN)
    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)

    with pytest.raises(ImportIsDone):
        give_up_roster(roster, by=officer, at=NOON)


def test_only_an_officer_of_the_unit_imports_or_cancels(upload, leader):
    roster = upload(AN)

    with pytest.raises(NotAllowed):
        import_roster(roster, accepted_proposals=[], by=leader, at=NOON)
    with pytest.raises(NotAllowed):
        give_up_roster(roster, by=leader, at=NOON)


def test_a_failure_halfway_leaves_nothing_behind(upload, officer, monkeypatch):
    roster = upload(AN, BINH)

    def fails(event):
        raise RuntimeError

    _reactions[PeopleChangedPosts].append(fails)
    try:
        with pytest.raises(RuntimeError):
            import_roster(roster, accepted_proposals=[], by=officer, at=NOON)
    finally:
        _reactions[PeopleChangedPosts].remove(fails)

    roster.refresh_from_db()
    assert not staff().exists()
    assert roster.imported_at is None


# --- Sentences and files -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*ProblemKind, *TakingProblemKind], ids=lambda kind: kind.value)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_kind_of_problem_has_its_sentence(kind, language, settings):
    from django.utils.translation import override

    problem = LineProblem(kind.value, "error", 5, "C", "thấy", "đề xuất", 9)

    with override(language):
        sentence = sentence_of(problem)

    assert sentence.endswith(".")
    assert sentence != kind.value
    assert "{" not in sentence
    assert "%(" not in sentence


def test_sentences_are_plain_text_in_vietnamese(db):
    problem = Problem(ProblemKind.NAME_UNLIKELY, Severity.WARNING, 5, "B", found="A & <B>")

    assert sentence_of(problem) == "“A & <B>” không giống họ tên. Xin kiểm tra lại."


def test_every_outcome_has_its_word():
    assert set(OUTCOME_WORDS) == set(Outcome)


def test_the_outcome_file_has_one_line_for_each_row(take_over):
    outcome = take_over(AN, changed(BINH, unit="Phường Không Có"))

    grid = read_grids("x.xlsx", outcome_file_of(outcome.roster_import))[0]
    texts = [[cell.text for cell in row] for row in grid.rows]

    assert texts[3][:5] == ["4", "Nguyễn Văn An", "03/05/1980", "Phường Lê Chân", "người mới"]
    assert "Phường Không Có" in texts[4][5]


def test_the_template_can_be_filled_in_and_read(hai_phong, le_chan, officer):
    headings = [cell.text for cell in read_grids("x.xlsx", template_file())[0].rows[-1]]
    row = ["1", *AN[:6], AN[6], "0912345678", "an@example.vn", "Tày"]

    content = write_table("", headings, [row], sheet_name="DS")
    roster = upload_roster(hai_phong, "mau.xlsx", content, by=officer, at=NOON)

    line = preview_of(roster).lines[0]
    assert (line.full_name, line.title, line.email) == (AN[0], "Chuyên viên", "an@example.vn")
    assert line.ethnic_group == "02"
    assert line.problems == ()


# --- Pages -------------------------------------------------------------------------------------


def posted(client, content, unit, name="ds.xlsx"):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(
        "/rosters/upload/", {"unit": unit.pk, "file": SimpleUploadedFile(name, content)}
    )


def test_a_roster_walks_from_upload_to_outcome(signed_in, officer, hai_phong, le_chan, an_bien):
    client = signed_in(officer)

    uploaded = posted(client, table(AN, changed(BINH, number="31190000002")), hai_phong)
    preview = client.get(uploaded["Location"])
    imported = client.post(f"{uploaded['Location']}import/", {"accept": ["identity_zeros_lost"]})
    outcome = client.get(imported["Location"])
    file = client.get(f"{uploaded['Location']}outcome/")

    assert (uploaded.status_code, imported.status_code) == (303, 303)
    assert "có vẻ bị mất số 0 ở đầu" in preview.content.decode()
    assert "đã nhập" in outcome.content.decode()
    assert file.content.startswith(b"PK")
    assert Person.objects.get(full_name="Trần Thị Bình").identity_number == "031190000002"


def test_a_wrong_file_is_told_in_the_form(signed_in, officer, hai_phong):
    answer = posted(signed_in(officer), b"%PDF-1.7", hai_phong)

    assert answer.status_code == 422
    assert "Tệp là PDF" in answer.content.decode()


def test_a_file_over_the_limit_is_refused_before_it_is_read(signed_in, officer):
    answer = signed_in(officer).post(
        "/rosters/upload/",
        b"",
        content_type="multipart/form-data",
        CONTENT_LENGTH=200 * 1024 * 1024,
    )

    assert answer.status_code == 409
    assert "20 MB" in answer.content.decode()


def test_the_upload_form_is_protected_although_its_size_is_looked_at_first(officer, signed_in):
    from django.test import Client

    signed_in(officer)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer.account)

    assert strict.post("/rosters/upload/", {}).status_code == 403


def test_a_stale_form_is_answered_with_a_sentence(signed_in, officer, hai_phong, le_chan):
    client = signed_in(officer)
    address = posted(client, table(AN), hai_phong)["Location"]
    client.post(f"{address}give-up/")

    answer = client.post(f"{address}import/")

    assert answer.status_code == 409
    assert "đã hủy" in answer.content.decode()
    assert "đã hủy" in client.get(address).content.decode()


def test_rosters_of_another_province_do_not_exist(signed_in, officer, upload, ba_dinh):
    roster = upload(AN)
    client = signed_in(with_role("training_officer", ba_dinh))

    for way in ("", "outcome/"):
        assert client.get(f"/rosters/{roster.pk}/{way}").status_code == 404
    for way in ("import/", "give-up/"):
        assert client.post(f"/rosters/{roster.pk}/{way}").status_code == 404
    assert list(imports_open_to(officer)) == [roster]


def test_a_preview_of_many_rows_is_a_short_page(signed_in, officer, upload):
    roster = upload(*(changed(AN, number=f"0310800{at:05d}") for at in range(2, 400)))
    client = signed_in(officer)

    page = client.get(f"/rosters/{roster.pk}/").content.decode()

    assert page.count("<tr>") < 30
    assert "Trang 1/16" in page
    assert client.get("/rosters/").status_code == 200
    assert client.get("/rosters/template/").content.startswith(b"PK")


# --- Ticks for single rows ----------------------------------------------------------------------

LOST = changed(AN, number="31080000001")
LOST_TOO = changed(BINH, number="31190000002")


def ticked(client, address, accept, go="show=all&page=1", shown=None):
    told = {"accept": accept, "shown": accept if shown is None else shown, "go": go}
    return client.post(f"{address}ticks/", told)


def test_a_row_can_be_ticked_alone_and_the_tick_is_kept_until_the_import(
    signed_in, officer, hai_phong, le_chan, an_bien
):
    client = signed_in(officer)
    address = posted(client, table(LOST, LOST_TOO), hai_phong)["Location"]
    key = "4:identity_zeros_lost"

    answer = ticked(client, address, [key], go="show=problems&page=2")
    page = client.get(address).content.decode()
    client.post(f"{address}import/")

    assert answer.status_code == 303
    assert answer["Location"] == f"{address}?show=problems&page=2#rows"
    assert f'value="{key}" checked' in page
    assert 'value="5:identity_zeros_lost">' in page
    numbers = dict(staff().values_list("full_name", "identity_number"))
    assert numbers == {"Nguyễn Văn An": "031080000001", "Trần Thị Bình": None}


def test_a_page_speaks_only_of_the_proposals_it_showed(signed_in, officer, upload):
    roster = upload(LOST, LOST_TOO)
    client = signed_in(officer)
    address = f"/rosters/{roster.pk}/"
    first, second = "4:identity_zeros_lost", "5:identity_zeros_lost"

    ticked(client, address, [first])
    ticked(client, address, [second], shown=[second])
    ticked(client, address, [], shown=[first])
    ticked(client, address, ["nonsense", second])
    ticked(client, address, [second])

    roster.refresh_from_db()
    assert roster.accepted == [second]
    assert AuditEntry.objects.filter(act="proposals_ticked").count() == 3


def test_ticks_sent_with_the_import_itself_count_too(signed_in, officer, upload):
    roster = upload(LOST, LOST_TOO)
    client = signed_in(officer)
    first, second = "4:identity_zeros_lost", "5:identity_zeros_lost"
    ticked(client, f"/rosters/{roster.pk}/", [first])

    client.post(f"/rosters/{roster.pk}/import/", {"shown": [first, second], "accept": [second]})

    roster.refresh_from_db()
    assert roster.accepted == [second]
    assert staff().get(full_name="Trần Thị Bình").identity_number == "031190000002"
    assert staff().get(full_name="Nguyễn Văn An").identity_number is None


def test_a_missing_category_is_ticked_by_row_where_only_some_lack_it(take_over, upload, officer):
    roster = upload(AN, changed(BINH, category=""))
    offered = {said.key for row in preview_of(roster).rows for said in row.sentences}
    assert offered == {"5:category_missing"}

    import_roster(roster, accepted_proposals=["5:category_missing"], by=officer, at=NOON)

    assert Post.objects.get(person__full_name="Trần Thị Bình").category == "civil_servant"


def test_ticks_are_refused_once_the_roster_is_settled(upload, officer, leader):
    roster = upload(LOST)
    ticks = {"shown": [], "ticked": ["4:identity_zeros_lost"], "at": NOON}
    with pytest.raises(NotAllowed):
        tick_proposals(roster, by=leader, **ticks)
    import_roster(roster, accepted_proposals=[], by=officer, at=NOON)
    with pytest.raises(ImportIsDone):
        tick_proposals(roster, by=officer, **ticks)
    cancelled = upload(LOST, BINH)
    give_up_roster(cancelled, by=officer, at=NOON)
    with pytest.raises(ImportIsGivenUp):
        tick_proposals(cancelled, by=officer, **ticks)


def test_an_outcome_offers_no_ticks(signed_in, officer, take_over):
    outcome = take_over(LOST)

    page = signed_in(officer).get(f"/rosters/{outcome.roster_import.pk}/").content.decode()

    assert 'name="accept"' not in page
    assert 'name="go"' not in page
