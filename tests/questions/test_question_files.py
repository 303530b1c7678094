import io
import zipfile
from dataclasses import replace

import pytest
from bank_scene import ITEMS, NOON, PLACE, draft, png, single
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hocvu.audit.models import AuditEntry
from hocvu.items.content import Kind
from hocvu.items.identifiers import telling_nothing
from hocvu.items.marking import FlawKind, ItemFlaw
from hocvu.kernel.errors import NotAllowed
from hocvu.question_files.findings import FileProblem, Problem
from hocvu.questions.actions import (
    FileFormat,
    FileIsDone,
    FileIsUnreadable,
    NothingToExport,
    choose_from_file,
    export_questions,
    give_up_bank_file,
    keep_picture,
    take_bank_file,
    upload_bank_file,
)
from hocvu.questions.models import BankImport, FoundQuestion, Question, QuestionMedia
from hocvu.questions.queries import item_of
from hocvu.questions.queries.files import file_page
from hocvu.questions.queries.words import (
    sentence_of_file_problem,
    sentence_of_flaw,
    sentence_of_problem,
)
from hocvu.questions.rules.places import Place, place_from_tags, tags_of

GIFT = """
// [tag:1.2] [tag:CB2]
::Thủ đô:: Thủ đô của Việt Nam là? {
=Hà Nội
~Huế
~Đà Nẵng
}

::Số:: Hai cộng hai bằng mấy? {#4}

::Hỏng:: Câu này không khép {=a ~b
"""
BOMB = b"""<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<quiz><question type="essay"><questiontext><text>&b;</text></questiontext></question></quiz>"""
SCRIPT = """<?xml version="1.0" encoding="UTF-8"?><quiz><question type="truefalse">
<name><text>Một</text></name><questiontext format="html">
<text><![CDATA[<p>Nước sôi?</p><script>alert(1)</script>]]></text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>
</question></quiz>""".encode()


def uploaded(owner, by, content=GIFT, name="cau-hoi.txt"):
    content = content.encode() if isinstance(content, str) else content
    return upload_bank_file(owner, name, content, by=by, at=NOON)


def chosen(bank_import, by, ticked, *, places=None, for_all=PLACE):
    numbers = list(bank_import.found.values_list("number", flat=True))
    choose_from_file(
        bank_import,
        shown=numbers,
        ticked=ticked,
        places=places or {},
        for_all=for_all,
        by=by,
        at=NOON,
    )


# --- Reading -----------------------------------------------------------------------------------


def test_an_uploaded_file_is_shown_before_any_question_is_made(le_chan, author):
    bank_import = uploaded(le_chan, author)

    page = file_page(bank_import, page=1, only_problems=False, reader=author, at=NOON)
    assert not Question.objects.exists()
    assert [each.question is not None for each in page.found].count(True) == 2
    assert (page.counts.added, page.counts.unread) == (2, 1)
    assert page.total == bank_import.stated == 3


def test_what_could_not_be_read_is_said_in_words(le_chan, author):
    page = file_page(uploaded(le_chan, author), page=1, only_problems=True, reader=author, at=NOON)

    (broken,) = [each for each in page.found if each.question is None]
    assert broken.sentences
    assert broken.line > 0


def test_the_same_file_uploaded_twice_waits_once(le_chan, author):
    assert uploaded(le_chan, author) == uploaded(le_chan, author)


def test_a_file_is_not_uploaded_for_a_unit_that_is_not_ones_own(an_bien, author):
    with pytest.raises(NotAllowed):
        uploaded(an_bien, author)


def test_the_place_of_a_question_is_read_from_its_tags(le_chan, author):
    tags = replace(single(), tags=("component:1.2", "level:CB2", "group:citizens", "mới"))
    source = draft(le_chan, author, tags, place=Place())
    content = export_questions([source], FileFormat.MOODLE_XML, by=author, at=NOON).content
    source.delete()

    found = uploaded(le_chan, author, content).found.get()

    assert Place.from_json(found.place) == Place("1.2", "CB2", target_group="citizens")


@pytest.mark.parametrize(
    ("tags", "place"),
    [
        (["1.2", "cb2"], Place("1.2", "CB2")),
        (["9.9", "level: CB2 "], Place("", "CB2")),
        (["topic:Dữ liệu", "source:Luật 91"], Place(topic="Dữ liệu", source="Luật 91")),
        (["group:teachers", "component:level"], Place()),
    ],
)
def test_tags_name_a_place(tags, place):
    assert place_from_tags(tags, {"1.2"}, {"CB2"}) == place


def test_a_place_is_the_same_after_being_written_as_tags():
    assert place_from_tags(list(tags_of(PLACE)), {"1.2"}, {"CB2"}) == PLACE


# --- Bad files ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (BOMB, "bom.xml"),
        (b"", "trong.txt"),
        (b"\x00\x01\x02\xff" * 40, "anh.bin"),
        (b"PK\x03\x04 broken", "hong.zip"),
        (b"<quiz><question>", "dut.xml"),
    ],
)
def test_an_unreadable_file_is_refused_with_a_next_step_and_leaves_nothing(
    le_chan, author, content, name
):
    with pytest.raises(FileIsUnreadable) as refused:
        uploaded(le_chan, author, content, name)

    assert refused.value.next_step
    assert not BankImport.objects.exists()


def test_an_archive_that_unpacks_to_far_too_much_is_refused(le_chan, author):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", b" " * (300 * 2**20))

    with pytest.raises(FileIsUnreadable):
        uploaded(le_chan, author, packed.getvalue(), "bom.zip")


def test_a_file_in_windows_1258_is_converted_and_the_page_says_so(signed_in, le_chan, author):
    import unicodedata

    text = "::Một:: Thủ đô của nước Việt Nam hiện nay là thành phố nào? {=Hà Nội ~Huế ~Đà Nẵng}"
    parts = (unicodedata.normalize("NFD", each) for each in text)
    old = b"".join(
        each.encode("cp1258", "ignore") if len(each) == 1 else _in_1258(each) for each in parts
    )

    bank_import = uploaded(le_chan, author, old)

    page = signed_in(author).get(reverse("questions:file", args=[bank_import.pk]))
    assert bank_import.encoding == "windows-1258"
    assert "Thủ đô của nước Việt Nam" in page.content.decode()
    assert "Windows-1258" in page.content.decode()


def _in_1258(decomposed):
    """A letter with its tone as a sign of its own, as that encoding writes it."""
    import unicodedata

    tones = "\u0300\u0301\u0303\u0309\u0323"
    tone = "".join(each for each in decomposed if each in tones)
    letter = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in tones))
    return (letter + tone).encode("cp1258")


def test_a_script_is_removed_and_said(signed_in, le_chan, author):
    bank_import = uploaded(le_chan, author, SCRIPT, "ma.xml")

    page = signed_in(author).get(reverse("questions:file", args=[bank_import.pk]))
    assert "alert(1)" not in page.content.decode()
    assert "đoạn mã" in page.content.decode()


def test_a_file_larger_than_the_limit_is_refused_by_its_size(signed_in, author):
    answer = signed_in(author).post(
        reverse("questions:upload"), CONTENT_LENGTH=str(61 * 2**20), data={}
    )

    assert answer.status_code == 409


# --- Taking ------------------------------------------------------------------------------------


def test_taking_makes_drafts_with_their_own_place_or_that_of_all(le_chan, author):
    bank_import = uploaded(le_chan, author)
    numbers = [each.number for each in bank_import.found.filter(content__isnull=False)]
    own = Place("6.1", "TC1", "AI", "leaders", "Sách")
    chosen(bank_import, author, numbers, places={numbers[0]: own})

    taken = take_bank_file(bank_import, by=author, at=NOON)

    assert (taken.added, taken.known, taken.unread) == (2, 0, 1)
    places = set(Question.objects.values_list("component_code", "source"))
    assert places == {("6.1", "Sách"), (PLACE.component_code, PLACE.source)}
    assert Question.objects.drafts().filter(owner=le_chan, created_by=author).count() == 2


def test_what_is_not_ticked_is_left_out(le_chan, author):
    bank_import = uploaded(le_chan, author)
    first = bank_import.found.filter(content__isnull=False).first()
    chosen(bank_import, author, [first.number])

    taken = take_bank_file(bank_import, by=author, at=NOON)

    assert (taken.added, taken.left_out) == (1, 1)


def test_taking_twice_is_once(le_chan, author):
    bank_import = uploaded(le_chan, author)

    first = take_bank_file(bank_import, by=author, at=NOON)

    assert take_bank_file(bank_import, by=author, at=NOON) == first
    assert Question.objects.count() == 2


def test_the_same_file_taken_again_changes_nothing_and_says_what_is_known(le_chan, author):
    take_bank_file(uploaded(le_chan, author), by=author, at=NOON)

    again = uploaded(le_chan, author)
    page = file_page(again, page=1, only_problems=False, reader=author, at=NOON)
    taken = take_bank_file(again, by=author, at=NOON)

    assert (taken.added, taken.known) == (0, 2)
    assert [each.known is not None for each in page.found].count(True) == 2
    assert Question.objects.count() == 2


def test_a_question_that_repeats_in_a_file_is_made_once_and_said(le_chan, author):
    one = "::{n}:: Thủ đô của Việt Nam là? {{=Hà Nội ~Huế ~Đà Nẵng}}\n\n"
    bank_import = uploaded(le_chan, author, one.format(n=1) + one.format(n=2))
    second = bank_import.found.get(number=2)
    assert second.is_left_out
    assert [each["code"] for each in second.diagnostics] == [Problem.REPEATED.value]
    chosen(bank_import, author, [1, 2])

    taken = take_bank_file(bank_import, by=author, at=NOON)

    assert (taken.added, taken.known) == (1, 1)


def test_a_file_that_was_given_up_is_not_taken(le_chan, author):
    bank_import = uploaded(le_chan, author)
    give_up_bank_file(bank_import, by=author, at=NOON)

    with pytest.raises(FileIsDone):
        take_bank_file(bank_import, by=author, at=NOON)
    with pytest.raises(FileIsDone):
        chosen(bank_import, author, [1])


def test_a_file_that_was_taken_is_not_given_up(le_chan, author):
    bank_import = uploaded(le_chan, author)
    take_bank_file(bank_import, by=author, at=NOON)

    with pytest.raises(FileIsDone):
        give_up_bank_file(bank_import, by=author, at=NOON)


def test_a_neighbour_takes_nothing(le_chan, author, neighbour):
    with pytest.raises(NotAllowed):
        take_bank_file(uploaded(le_chan, author), by=neighbour, at=NOON)


# --- Exporting ---------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", list(FileFormat))
def test_exported_questions_are_known_when_they_come_back(le_chan, author, file_format):
    kinds = (Kind.SINGLE, Kind.NUMERIC, Kind.MATCHING)
    for kind in kinds:
        draft(le_chan, author, ITEMS[kind])

    exported = export_questions(Question.objects.all(), file_format, by=author, at=NOON)
    taken = take_bank_file(
        uploaded(le_chan, author, exported.content, exported.name), by=author, at=NOON
    )

    assert (taken.added, taken.known) == (0, len(kinds))


def test_gift_says_at_its_top_which_questions_it_has_no_words_for(le_chan, author):
    said, unsaid = draft(le_chan, author), draft(le_chan, author, ITEMS[Kind.CLOZE])

    exported = export_questions([said, unsaid], FileFormat.GIFT, by=author, at=NOON)

    assert unsaid.code in exported.content.decode().splitlines()[0]
    assert uploaded(le_chan, author, exported.content).stated == 1
    with pytest.raises(NothingToExport):
        export_questions([unsaid], FileFormat.GIFT, by=author, at=NOON)


@pytest.mark.parametrize("file_format", [FileFormat.MOODLE_XML, FileFormat.QTI_3])
def test_pictures_travel_with_their_questions(le_chan, an_bien, hai_phong, officer, file_format):
    kept = keep_picture(png(), by=officer, at=NOON)
    item = single(f"Trong hình có gì?\n\n![Sơ đồ](media:{kept.name})")
    question = draft(le_chan, officer, item, **{kept.name: kept.sha256})

    exported = export_questions([question], file_format, by=officer, at=NOON)
    bank_import = uploaded(an_bien, officer, exported.content, exported.name)
    take_bank_file(bank_import, by=officer, at=NOON)

    copy = Question.objects.get(owner=an_bien)
    assert list(copy.media.values()) == [kept.sha256]
    assert QuestionMedia.objects.count() == 1


def test_only_questions_in_reach_are_exported_and_it_is_recorded(le_chan, author, neighbour):
    question = draft(le_chan, author)

    export_questions([question], FileFormat.GIFT, by=author, at=NOON)

    assert AuditEntry.objects.get(act="questions_exported").facts["questions"] == 1
    with pytest.raises(NothingToExport):
        export_questions([question], FileFormat.GIFT, by=neighbour, at=NOON)


# --- Words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_has_a_sentence(problem):
    assert "{}" not in sentence_of_problem(problem, "câu 3")
    assert sentence_of_problem(problem, "").endswith((".", "."))


@pytest.mark.parametrize("problem", list(FileProblem))
def test_every_trouble_with_a_file_has_a_sentence_and_a_next_step(problem):
    assert all(sentence_of_file_problem(problem, "TCVN3"))


@pytest.mark.parametrize("kind", list(FlawKind))
def test_every_flaw_has_a_sentence(kind):
    assert sentence_of_flaw(ItemFlaw(kind, "a"), single()).endswith(".")


# --- Through the pages -------------------------------------------------------------------------


def test_a_file_goes_through_upload_preview_and_taking_by_forms(signed_in, author, le_chan):
    browser = signed_in(author)
    file = SimpleUploadedFile("cau-hoi.txt", GIFT.encode(), "text/plain")
    answer = browser.post(reverse("questions:upload"), {"owner": le_chan.pk, "file": file})
    assert answer.status_code == 303
    assert "Hà Nội" in browser.get(answer.url).content.decode()

    bank_import = BankImport.objects.get()
    numbers = [each.number for each in bank_import.found.filter(content__isnull=False)]
    form = {"shown": numbers, "take": numbers[:1], "all-component_code": "1.2"}
    form |= {"all-level": "CB2", "all-source": "Sách", f"n{numbers[0]}-component_code": "6.1"}
    browser.post(reverse("questions:take", args=[bank_import.pk]), form)

    question = Question.objects.get()
    assert (question.component_code, question.level, question.source) == ("6.1", "CB2", "Sách")
    page = browser.get(reverse("questions:file", args=[bank_import.pk]))
    assert question.code in page.content.decode()


def test_ticks_of_one_page_are_kept_while_another_is_looked_at(signed_in, author, le_chan):
    many = "".join(f"::{n}:: Câu hỏi số {n}? {{=a{n} ~b{n}}}\n\n" for n in range(1, 26))
    bank_import = uploaded(le_chan, author, many)
    browser = signed_in(author)

    answer = browser.post(
        reverse("questions:choose", args=[bank_import.pk]),
        {"shown": list(range(1, 11)), "take": [1, 2], "go": "all:2"},
    )

    assert answer.url.endswith("?show=all&page=2#found")
    left_out = FoundQuestion.objects.filter(is_left_out=True)
    assert set(left_out.values_list("number", flat=True)) == set(range(3, 11))


def test_an_unreadable_file_is_refused_in_the_form(signed_in, author, le_chan):
    file = SimpleUploadedFile("bom.xml", BOMB, "text/xml")

    answer = signed_in(author).post(
        reverse("questions:upload"), {"owner": le_chan.pk, "file": file}
    )

    assert answer.status_code == 422
    assert "thực thể" in answer.content.decode()


def test_files_of_others_are_not_found(signed_in, author, neighbour, le_chan):
    bank_import = uploaded(le_chan, author)

    browser = signed_in(neighbour)

    assert browser.get(reverse("questions:file", args=[bank_import.pk])).status_code == 404
    assert "cau-hoi.txt" not in browser.get(reverse("questions:files")).content.decode()


def test_a_taken_question_holds_what_the_file_said_under_identifiers_that_tell_nothing(
    le_chan, author
):
    bank_import = uploaded(le_chan, author)
    take_bank_file(bank_import, by=author, at=NOON)

    for found in bank_import.found.exclude(question=None).select_related("question"):
        from hocvu.items.storing import from_json

        assert item_of(found.question) == telling_nothing(from_json(found.content))
