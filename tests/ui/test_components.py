"""Tags of a page: what is said, and how it is tied together for a screen reader."""

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def render(source: str, **context) -> str:
    html = Template("{% load ui %}" + source).render(Context(context))
    return re.sub(r"[ \n]+", " ", html).strip()


# Lamps, figures


def test_a_lamp_always_stands_with_its_figure():
    html = render("{% lamp ratio target %}", ratio=Fraction(642, 1000), target=Fraction(4, 5))

    assert "64,2\u00a0%" in html
    assert 'class="lamp-3"' in html


def test_a_lamp_without_its_figure_still_says_it_to_a_screen_reader():
    html = render(
        "{% lamp ratio target label=False %}", ratio=Fraction(1, 2), target=Fraction(4, 5)
    )

    assert '<span class="visually-hidden">50,0\u00a0%</span>' in html


def test_a_unit_without_people_in_scope_says_so():
    assert "chưa có người trong diện" in render("{% lamp None target %}", target=Fraction(4, 5))


def test_progress_is_told_in_words_before_it_is_drawn():
    html = render("{% progress 312 1000 %}")

    assert "312 trên 1.000" in html
    assert 'value="31"' in html


def test_progress_of_nothing_is_complete():
    assert 'value="100"' in render("{% progress 0 0 %}")


def test_steps_are_told_in_words():
    assert "Bước 2/4" in render("{% steps 2 4 %}")


# Verdicts


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("valid", "Hợp lệ"),
        ("revoked", "Đã thu hồi"),
        ("altered", "Đã bị sửa"),
        ("superseded", "Đã cấp thay thế"),
        ("unknown", "Không xác định"),
    ],
)
def test_each_verdict_has_its_word_and_its_shape(kind, word):
    html = render("{% verdict kind %}", kind=kind)

    assert word in html
    assert f'class="verdict {kind}"' in html
    assert html.index("<svg") < html.index(word)


@pytest.mark.parametrize("kind", ["", "VALID", "ok", "expired", None])
def test_a_verdict_this_page_does_not_know_is_never_shown_as_valid(kind):
    html = render("{% verdict kind %}", kind=kind)

    assert 'class="verdict unknown"' in html
    assert "Hợp lệ" not in html


def test_the_five_verdicts_have_five_shapes():
    kinds = ("valid", "revoked", "altered", "superseded", "unknown")

    assert (
        len(
            {
                render("{% verdict kind %}", kind=kind).split("<path")[1].split(">")[0]
                for kind in kinds
            }
        )
        == 5
    )


def test_a_verdict_says_what_was_checked():
    html = render(
        '{% verdict "valid" sentence=s checked=c %}', s="Chưa bị thay đổi.", c=["Chữ ký số"]
    )

    assert "Chưa bị thay đổi." in html
    assert "<li>Chữ ký số</li>" in html


# Fields


class Entry(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên thẻ căn cước.")
    note = forms.CharField(label="Ghi chú", required=False)
    kind = forms.ChoiceField(label="Đối tượng", widget=forms.RadioSelect, choices=[("a", "Cán bộ")])
    agreed = forms.BooleanField(label="Tôi xác nhận")
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_label_belongs_to_its_field():
    html = render("{% field form.name %}", form=Entry())

    assert '<label for="id_name">Họ và tên</label>' in html
    assert 'id="id_name"' in html


def test_help_and_error_are_read_out_with_the_field():
    html = render("{% field form.name %}", form=Entry({}))

    described = html.split('aria-describedby="')[1].split('"')[0].split()
    assert described
    assert all(f'id="{each}"' in html for each in described)
    assert 'aria-invalid="true"' in html


def test_a_field_that_may_stay_empty_says_so():
    assert "(nếu có)" in render("{% field form.note %}", form=Entry())
    assert "(nếu có)" not in render("{% field form.name %}", form=Entry())
    assert "(nếu có)" not in render("{% filter_field form.note %}", form=Entry())


def test_choices_stand_under_one_legend():
    html = render("{% field form.kind %}", form=Entry())

    assert "<fieldset" in html
    assert "<legend>Đối tượng</legend>" in html


def test_a_tick_stands_before_its_words():
    html = render("{% field form.agreed %}", form=Entry())

    assert html.index('type="checkbox"') < html.index("Tôi xác nhận")


def test_a_hidden_field_shows_nothing():
    assert "<label" not in render("{% field form.stamp %}", form=Entry())


def test_what_was_typed_is_kept_when_a_form_comes_back():
    assert 'value="Nguyễn An"' in render("{% fields form %}", form=Entry({"name": "Nguyễn An"}))


def test_a_summary_leads_to_each_field_that_is_wrong():
    html = render("{% error_summary form %}", form=Entry({"kind": "a", "agreed": "on"}))

    assert '<a href="#id_name">Họ và tên</a>' in html
    assert "#id_kind" not in html


def test_a_form_without_errors_has_no_summary():
    assert render("{% error_summary form %}", form=Entry()) == ""


# The rest


def test_bad_news_interrupts_and_other_news_waits():
    assert 'role="alert"' in render('{% alert "bad" "Hết hạn" %}x{% endalert %}')
    assert 'role="status"' in render('{% alert "good" %}x{% endalert %}')
    assert 'role="note"' in render('{% alert "quiet" %}x{% endalert %}')


def test_a_state_is_a_shape_and_a_word():
    html = render('{% state "bad" "Mất liên lạc" %}')

    assert "<svg" in html
    assert "Mất liên lạc" in html


def test_a_state_in_a_tone_nobody_designed_is_a_mistake():
    with pytest.raises(KeyError):
        render('{% state "purple" "?" %}')


def test_facts_are_a_definition_list():
    html = render(
        "{% facts pairs %}", pairs=[("Khai giảng", date(2026, 11, 21)), ("Địa điểm", None)]
    )

    assert "<dt>Khai giảng</dt><dd>21/11/2026</dd>" in html
    assert "<dt>Địa điểm</dt><dd>—</dd>" in html


def test_history_is_told_in_sentences_with_their_time():
    entry = SimpleNamespace(
        at=datetime(2026, 11, 21, 1, 12, tzinfo=UTC), sentence="Đã điểm danh 58/60."
    )

    html = render("{% history entries %}", entries=[entry])

    assert "08:12, 21/11/2026" in html
    assert "Đã điểm danh 58/60." in html


def test_a_section_is_a_landmark_an_anchor_can_reach():
    html = render('{% section "learners" "Học viên" %}x{% endsection %}')

    assert '<section class="section" id="learners" aria-labelledby="learners-heading">' in html


def test_what_people_typed_cannot_break_out_of_a_component():
    bad = "<script>"
    source = (
        "{% stat bad bad note=bad %}{% state 'good' bad %}{% empty_state bad bad bad bad %}"
        "{% facts pairs %}{% alert 'bad' bad %}{{ bad }}{% endalert %}"
        "{% verdict 'valid' sentence=bad %}"
        "{% section 's' bad %}{% endsection %}{% back_link bad bad %}{% unit_path pairs %}"
    )

    assert bad not in render(source, bad=bad, pairs=[(bad, bad)])
